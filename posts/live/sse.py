"""Format of server-sent events, and of the revision from which a client continues."""

import json
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError

_NUMBER = re.compile(r"[0-9]{1,18}")


def event(kind: str, data: Mapping, id: int | None = None) -> bytes:
    """Return an event. A client that reconnects sends the last `id` that it received."""
    # JSON escapes line breaks, so no text can end the line and start another event.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    prefix = "" if id is None else f"id: {id}\n"
    return f"{prefix}event: {kind}\ndata: {text}\n\n".encode("utf-8", "replace")


def retry(milliseconds: int) -> bytes:
    """Return the field that sets how long a browser waits before it reconnects."""
    return b"retry: %d\n\n" % milliseconds


# Browsers do not pass comments to scripts, so the heartbeat is an event.
BEAT = event("beat", {})
# The session has ended or the user has too many streams.
BYE = event("bye", {})


def posts(room: int, revision: int, html: str, mentions: Mapping[int, list]) -> bytes:
    """Return the event for the changes of one revision of a room.

    The markup is the same for every reader. The browser marks the reader's own posts and posts that mention them.
    """
    return event("posts", {"room": room, "revision": revision, "html": html, "names": mentions}, id=revision)


def unread(count: int) -> bytes:
    """Return the event that sets the unread count."""
    return event("unread", {"unread": count})


def reload(room: int) -> bytes:
    """Return the event that makes a client reload the page, because it missed too many changes."""
    return event("reload", {"room": room})


def gone(room: int) -> bytes:
    """Return the event for a room that the user cannot see, or can no longer see."""
    return event("gone", {"room": room})


def read_number(text: str) -> int | None:
    """Return the id or revision in `text`, or None if it is empty. Raises ValidationError for anything else."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValidationError("This is not a number.", code="number")
    return int(text)
