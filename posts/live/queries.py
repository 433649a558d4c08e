"""Database queries of the live streams. They run in a separate thread."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from accounts.models import Role, Session, User
from posts import access
from posts.live.news import MAX_POSTS
from posts.live.stream import event
from posts.models import Notification, Post, Room
from posts.notification_kinds import ALWAYS_VISIBLE
from posts.rendering import rows_for_stream
from posts.unread import MAX_COUNT

MAX_MISSED = 1000  # posts; a client that missed more reloads the page
BATCH = 500  # ids in one query
_ROOMS = """
    SELECT room.id, room.revision, room.newest_post, post.author_id
    FROM posts_room room LEFT JOIN posts_post post ON post.id = room.newest_post WHERE room.id IN ({marks})
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Rooms that a user can see, and the user's unread count."""

    is_administrator: bool
    rooms: frozenset[int]
    unread: int

    def can_see(self, room: int) -> bool:
        """Return whether the user can see the room with this id."""
        return self.is_administrator or room in self.rooms


@dataclass(frozen=True, slots=True)
class State:
    """Valid sessions, their users and the revisions of rooms. Invalid sessions are omitted."""

    sessions: dict[str, tuple[int, int]]  # {key: (user id, proof)}
    viewers: dict[int, Viewer]
    revisions: dict[int, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in a room since a revision."""

    revision: int  # of a stream that has received all events
    since: int  # lowest revision of a stream that can continue without a reload
    readers: frozenset[int] = frozenset()  # users who can see the room
    # {language: [(revision, event), in order]}
    events: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)

    def events_after(self, language: str, revision: int) -> bytes:
        """Return the events after `revision` in a language."""
        events = self.events[language]
        return b"".join(event for _revision, event in events[bisect_right(events, revision, key=itemgetter(0)) :])


def disconnect() -> None:
    """Close the connection of this thread."""
    connection.close()


def poll(rooms: Collection[int]) -> tuple[dict[int, tuple], int]:
    """Return {room id: (revision, id of the newest post, id of its author)} and the id of the newest notification.

    Uses raw SQL, because it runs ten times per second and the ORM takes seven times as long.
    """
    states: dict[int, tuple] = {}
    with connection.cursor() as cursor:
        for ids in _batches(rooms):
            cursor.execute(_ROOMS.format(marks=",".join(["%s"] * len(ids))), ids)
            states.update((room, state) for room, *state in cursor.fetchall())
        cursor.execute("SELECT MAX(id) FROM posts_notification")
        return states, cursor.fetchone()[0] or 0


def new_posts(after: Mapping[int, int | None], states: Mapping[int, tuple]) -> dict[int, list[tuple[int, int]]]:
    """Return {room id: [(post id, id of its author), in order]}: the last MAX_POSTS of each room.

    `after` is {room id: id of the last known post, None for only the newest}, and `states` come from `poll`: later
    posts are not included, because users may have been removed from the room before them.
    """
    found = {}
    for room, known in after.items():
        _revision, newest, author = states[room]
        if known is None:
            found[room] = [(newest, author)] if newest else []
        else:
            posts = Post.objects.in_room(room).not_removed().after(known).before(newest + 1).order_by("-room", "-pk")
            found[room] = [*posts.values_list("pk", "author")[:MAX_POSTS]][::-1]
    return found


def load(proofs: Mapping[str, int | None], rooms: Collection[int] = ()) -> State:
    """Return the valid sessions, their users, and the revisions of `rooms`.

    `proofs` maps session keys to the proof that an earlier call returned, or None. A session whose data, password and
    role still match its proof is not verified again.
    """
    sessions = {}
    for keys in _batches(proofs):
        valid = Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now())
        valid = valid.filter(user__is_active=True, user__must_change_password=False)
        for key, data, user, password, role in valid.values_list(
            "pk", "session_data", "user", "user__password", "user__role"
        ):
            proof = hash((data, password, role))
            if proof == proofs.get(key) or _is_valid(data, User(pk=user, password=password, role=role)):
                sessions[key] = user, proof
    states, _newest = poll(rooms) if rooms else ({}, 0)
    revisions = {room: revision for room, (revision, *_newest) in states.items()}
    return State(sessions, viewers({user for user, _proof in sessions.values()}), revisions)


def viewers(users: Collection[int]) -> dict[int, Viewer]:
    """Return {user id: Viewer} for the active users among `users` (ids)."""
    found = {}
    for ids in _batches(users):
        roles = dict(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "role"))
        rooms = access.rooms_by_user(ids)
        unread = dict.fromkeys(ids, 0)
        rows = Notification.objects.unread().filter(recipient__in=ids).order_by()
        for user, room, kind, count in rows.values_list("recipient", "room", "kind").annotate(Count("pk")):
            is_visible = room is None or room in rooms[user] or kind in ALWAYS_VISIBLE
            if is_visible or roles.get(user) == Role.ADMIN:
                unread[user] += count
        for user, role in roles.items():
            found[user] = Viewer(role == Role.ADMIN, frozenset(rooms[user]), min(unread[user], MAX_COUNT))
    return found


def recipients_since(notification: int) -> set[int]:
    """Return the ids of users who have a notification with a higher id."""
    return set(Notification.objects.filter(pk__gt=notification).order_by().values_list("recipient", flat=True))


def fetch(room: int, after: int, revision: int, users: Collection[int], languages: Collection[str]) -> Changes:
    """Return the changes in a room after the revision `after`, and the users among `users` (ids) who can see them.

    The events are in each of `languages`.
    `revision` is the room's revision from the poll. The posts are read later, so they may have higher revisions.
    """
    room = Room.objects.get(pk=room)
    keys = Post.objects.in_room(room).filter(revision__gt=after).order_by("-room", "-revision")[: MAX_MISSED + 1].keys()
    # Read after the posts, so that a user who was removed before a post was written does not receive it.
    readers = frozenset(access.readers(room, User.objects.filter(pk__in=users)).values_list("pk", flat=True))
    since = after
    if len(keys) > MAX_MISSED:
        # Further posts may have the lowest of these revisions.
        since = keys[-1].revision
        keys = [key for key in keys if key.revision > since]
    keys.reverse()
    events = {}
    for language in languages:
        with translation.override(language):
            events[language] = _events(keys, room)
    return Changes(max([revision, since, *(key.revision for key in keys[-1:])]), since, readers, events)


def _events(keys: list, room: Room) -> list[tuple[int, bytes]]:
    rows, events = rows_for_stream(keys, room), []
    for revision, changed in groupby(keys, attrgetter("revision")):
        changed = sorted(changed, key=attrgetter("pk"))
        html = "".join(rows[key.pk] for key in changed)
        mentions = {key.pk: key.mentions for key in changed if key.mentions}
        # The same for every reader. The browser marks the reader's own posts and posts that mention them.
        data = {"room": room.pk, "revision": revision, "html": html, "names": mentions}
        events.append((revision, event("posts", data, id=revision)))
    return events


def _is_valid(data: str, user: User) -> bool:
    # Not `django.contrib.auth.get_user`, which writes to the session if its hash is old or invalid.
    session = Session(session_data=data).get_decoded()
    if session.get(SESSION_KEY) != str(user.pk):
        return False
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    return constant_time_compare(session.get(HASH_SESSION_KEY) or "", user.get_session_auth_hash())


def _batches(items: Iterable) -> Iterable[list]:
    items = list(items)
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
