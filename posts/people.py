"""Who may know of whom: a rule about rooms, and so not one that `accounts` could keep."""

from functools import cache
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Role, User
from accounts.prepared import PreparedQuery
from posts.models import SOME_OWNER, SOME_ROOM, SOME_USER, Membership, Post, Room


def people_visible_to(viewer):
    """Return the people whom `viewer` may know of, as a queryset of User.

    Administrators see everybody. Others see active people: themselves, teachers, and whomever they share a room
    with, which is everybody while the common room is open to them.
    """
    if viewer.is_administrator:
        return User.objects.filter(closed_at=None)
    people = User.objects.active()
    rooms = Room.objects.visible_to(viewer)
    members = Membership.objects.filter(room__in=rooms, state=Membership.State.MEMBER).values("user")
    # Everything in the one query, so that no list asks twice.
    return people.filter(
        Exists(rooms.filter(is_common=True))
        | Q(pk=viewer.pk)
        | Q(role=Role.TEACHER)
        | Q(pk__in=members)
        | Q(pk__in=rooms.values("owner"))
    )


def people_in_room(room):
    """Return those who can read `room`: the people whom its posts may mention and notify."""
    memberships = Membership.objects.filter(room=room)
    people = User.objects.active()
    if room.is_common and room.is_archived:
        return people.filter(role=Role.ADMIN)
    if room.is_common:
        removed = memberships.filter(state=Membership.State.REMOVED).values("user")
        return people.exclude(pk__in=removed)
    members = memberships.filter(state=Membership.State.MEMBER).values("user")
    return people.filter(Q(pk__in=members) | Q(pk=room.owner_id) | Q(role=Role.ADMIN))


class Reader(NamedTuple):
    """Somebody who can read a room, as far as its posts may concern them; `is_muted` wants no notification from it."""

    pk: int
    username_key: str
    is_muted: bool


def readers_named(room, names):
    """List the Readers of `room` whom `names` (lower-case usernames) name."""
    if len(names) > MOST_COMPILED:
        return [Reader(*row) for row in _readers(room).filter(username_key__in=names)]
    return _ask(_named(room.is_common, room.is_archived), room, dict(zip(_NAMES, names, strict=False)))


def find_reader(room, pk):
    """Return the Reader of `room` with this id, or None."""
    found = _ask(_with_id(room.is_common, room.is_archived), room, {"pk": pk})
    return found[0] if found else None


def with_post_count(people, viewer):
    """Annotate `post_count`: how many posts of each person `viewer` may see."""
    theirs = Post.objects.standing().visible_to(viewer).filter(author=OuterRef("pk")).order_by()
    counted = theirs.values("author").annotate(number=Count("pk")).values("number")
    return people.annotate(post_count=Coalesce(Subquery(counted), 0))


# --- Asked with posts that name somebody, compiled once for each kind of room ---

MOST_COMPILED = 10  # names
_NAMES = {f"name{number}": f"no name holds spaces {number}" for number in range(MOST_COMPILED)}


def _readers(room):
    muted = Membership.objects.filter(room=room, user=OuterRef("pk"), notify=Membership.Notify.NOTHING)
    return people_in_room(room).values_list("pk", "username_key", Exists(muted))


def _ask(query, room, values):
    # Nobody's id is 0, and nobody's name is empty.
    values = dict.fromkeys(query.stand_ins, "") | values | {"room": room.pk, "owner": room.owner_id or 0}
    return [Reader(*row) for row in query(**values)]


@cache
def _named(is_common, is_archived):
    return _prepared(is_common, is_archived, lambda readers, names: readers.filter(username_key__in=names), **_NAMES)


@cache
def _with_id(is_common, is_archived):
    return _prepared(is_common, is_archived, lambda readers, ids: readers.filter(pk__in=ids), pk=SOME_USER)


def _prepared(is_common, is_archived, choose, **stand_ins):
    archived_at = timezone.now() if is_archived else None

    def build(room, owner=None, **values):
        likeness = Room(pk=room, owner_id=owner, is_common=is_common, archived_at=archived_at)
        return choose(_readers(likeness), list(values.values()))

    # The common room has no owner.
    owner = {} if is_common else {"owner": SOME_OWNER}
    return PreparedQuery(build, room=SOME_ROOM, **owner, **stand_ins)
