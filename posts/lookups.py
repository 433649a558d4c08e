"""What the live stream asks of the tables: each function is one job in a worker thread, for many streams at once."""

from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.db.models import Count, Max, Q, Sum

from accounts.models import Session, User
from posts.frames import frames_of
from posts.models import Membership, Notification, Post, Room
from posts.people import people_in_room

MOST_MISSED = 1000  # posts that are sent after; whoever missed more loads the page
AT_ONCE = 500  # keys in one query
UNION = 50  # people in one query for counts


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for a stream: the person's id, what their session is checked against, and what they may see."""

    user: int
    proof: int
    facts: tuple  # what decides which rooms they see
    unread: int
    rooms: dict = field(default_factory=dict)  # those of the rooms asked for that they may see: {id: revision}


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new in a room: frames in the order of their revisions, and who of those asked about may see them."""

    revision: int
    posts: list
    readers: frozenset
    is_too_much: bool = False


@dataclass(slots=True)
class State:
    """What the sweep compares."""

    sessions: dict = field(default_factory=dict)  # {key: (person, proof)} of those that are good
    people: dict = field(default_factory=dict)  # {person: what decides which rooms they see}
    rooms: dict = field(default_factory=dict)  # {room: (revision or None, what decides who sees it)}
    unread: dict = field(default_factory=dict)  # {person: what changes with the number of unread notifications}


def alone(job, *args):
    """Do `job` with database connections that end with it."""
    connections.close_all()
    try:
        return job(*args)
    finally:
        connections.close_all()


def identify(session_key, rooms):
    """Return the Visitor whose session this is, and which of `rooms` (ids) they may see; None if nobody is in.

    The session, the person and the hash between them are checked as for any page.
    """
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(SimpleNamespace(session=session))
    if not user.is_authenticated:
        return None
    facts = _deciding([user.pk])[user.pk]
    visible = Room.objects.visible_to(user).filter(pk__in=rooms).values_list("pk", "revision") if rooms else ()
    unread = Notification.objects.count_unread(user)
    return Visitor(user.pk, _proof(user.password, user.role), facts, unread, dict(visible))


def changes(room, after, people):
    """Return the Changes of the room with this id since its revision `after`; None if there is no such room.

    `people` are ids, of whom the readers are returned; None where the caller has asked already.
    """
    room = Room.objects.filter(pk=room).first()
    if room is None:
        return None
    posts = Post.objects.keys_changed(room, after, MOST_MISSED + 1)
    readers = frozenset()
    if people and posts:
        readers = frozenset(people_in_room(room).filter(pk__in=people).values_list("pk", flat=True))
    if len(posts) > MOST_MISSED:
        return Changes(room.revision, [], readers, is_too_much=True)
    # The room was read before its posts, so these may be further on than it.
    revision = max(room.revision, posts[-1].revision) if posts else room.revision
    return Changes(revision, frames_of(posts, room), readers)


def unread_counts(people):
    """Return {person: unread notifications} for ids of people, by the rule that the badge of a page goes by."""
    counts = dict.fromkeys(people, 0)
    found = list(User.objects.filter(pk__in=people))
    for some in _parts(found, UNION):
        each = [
            Notification.objects.visible_to(user).unread().order_by().values_list("recipient").annotate(Count("pk"))
            for user in some
        ]
        counts |= dict(each[0].union(*each[1:], all=True) if len(each) > 1 else each[0])
    return {person: min(number, 100) for person, number in counts.items()}


def visible_rooms(asked):
    """Return which of the rooms asked about each person may see: {person: ids} for {person: ids}."""
    return {
        user.pk: set(Room.objects.visible_to(user).filter(pk__in=asked[user.pk]).values_list("pk", flat=True))
        if user.is_active
        else set()
        for user in User.objects.filter(pk__in=asked)
    }


def state_of(sessions, people, rooms, with_unread):
    """Return the State of session keys, people and rooms (ids): one query for each kind, however many there are."""
    state = State(rooms=dict.fromkeys(rooms, (None, None)), people=_deciding(people))
    for some in _parts(list(sessions), AT_ONCE):
        rows = Session.objects.live().order_by().filter(pk__in=some, user__is_active=True)
        for key, person, password, role in rows.values_list("pk", "user", "user__password", "user__role"):
            state.sessions[key] = person, _proof(password, role)
    for some in _parts(list(rooms), AT_ONCE):
        rows = Room.objects.filter(pk__in=some).values_list("pk", "revision", "owner", "is_common", "archived_at")
        state.rooms |= {pk: (revision, tuple(facts)) for pk, revision, *facts in rows}
    if with_unread:
        state.unread = dict.fromkeys(people, None)
        for some in _parts(list(people), AT_ONCE):
            rows = Notification.objects.filter(Q(recipient__in=some), read_at=None).order_by().values_list("recipient")
            state.unread |= {person: facts for person, *facts in rows.annotate(Count("pk"), Max("pk"))}
    return state


def _deciding(people):
    """Return {person: facts}: when the facts differ, the person may see other rooms, and `visible_to` is asked."""
    facts = dict.fromkeys(people, ())
    for some in _parts(list(people), AT_ONCE):
        decisive = Membership.objects.filter(user__in=some, state__in=["member", "removed"]).values_list(
            "user", "state"
        )
        for row in decisive.annotate(Count("pk"), Sum("room"), Max("updated_at")).order_by("user", "state"):
            facts[row[0]] += row[1:]
    return facts


def _proof(password, role):
    # What a session's hash is made of: when one of these changes, the session no longer fits.
    return hash((password, role))


def _parts(items, size):
    return [items[start : start + size] for start in range(0, len(items), size)]
