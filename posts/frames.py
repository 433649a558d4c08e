"""What a stream carries, as bytes: each post once for all who read it."""

import json
import re
from itertools import groupby
from operator import attrgetter

from django.core.exceptions import ValidationError

from posts.rendering import rows_for_all

MOST_ROOMS = 20  # on one stream: what a browser has open
HEARTBEAT = b":\n\n"
BYE = b"event: bye\ndata: {}\n\n"

_CURSOR = re.compile(r"[0-9]{1,18}\.[0-9]{1,18}")


class Frame:
    """What one revision of a room changed, as bytes. `alone` has the id of a stream that shows only this room."""

    __slots__ = ("alone", "body", "revision")

    def __init__(self, room, revision, body):
        self.revision = revision
        self.body = body
        self.alone = b"id: %d.%d\n%s" % (room, revision, body)

    def for_rooms(self, rooms):
        """Return the bytes for a stream that is as far as `rooms` ({room id: revision}) says, this frame included."""
        return self.alone if len(rooms) == 1 else b"id: %s\n%s" % (write_cursors(rooms).encode(), self.body)


def frames_of(keys, room):
    """Return the Frames of `keys` (PostKeys of `room`, in the order of their revisions): one for each revision.

    One revision may change several posts: whoever has its id has them all. The rows are the same for all readers;
    from whose a post is and whom it `names` the browser sees what is its reader's own.
    """
    rows, frames = rows_for_all(keys, room), []
    for revision, some in groupby(keys, attrgetter("revision")):
        some = sorted(some, key=attrgetter("pk"))
        html = "".join(rows[key.pk] for key in some)
        names = {key.pk: key.mentions for key in some if key.mentions}
        said = _event("posts", room=room.pk, revision=revision, html=html, names=names)
        frames.append(Frame(room.pk, revision, said))
    return frames


def unread_frame(number):
    """Return the bytes that set the badge."""
    return _event("unread", unread=number)


def reload_frame(room):
    """Return the bytes that say that too much was missed in the room with this id: load the page."""
    return _event("reload", room=room)


def gone_frame(room):
    """Return the bytes that say that the room with this id is not, or no longer, this person's to see."""
    return _event("gone", room=room)


def hello_frame(rooms, retry):
    """Return a stream's first bytes: how far it is, and how many milliseconds to wait when it breaks off."""
    cursors = write_cursors(rooms)
    return (f"retry: {retry}\n" + (f"id: {cursors}\n" if cursors else "")).encode() + _event("hello")


def read_cursors(text):
    """Return "5.120-7.88" as {5: 120, 7: 88}: rooms by id, each with the revision up to which it was seen.

    Raises ValidationError for anything else, also for more rooms than a stream carries.
    """
    if not text:
        return {}
    parts = text.split("-", MOST_ROOMS)
    if len(parts) > MOST_ROOMS or not all(_CURSOR.fullmatch(part) for part in parts):
        raise ValidationError("This does not say how far a stream is.", code="cursors")
    return {int(room): int(revision) for room, revision in (part.split(".") for part in parts)}


def write_cursors(rooms):
    """Return {5: 120, 7: 88} as "5.120-7.88"."""
    return "-".join([f"{room}.{revision}" for room, revision in rooms.items()])


def _event(kind, **data):
    # JSON escapes line ends, so no text can end the line that it stands in, let alone begin an event.
    data = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {kind}\ndata: {data}\n\n".encode("utf-8", "replace")
