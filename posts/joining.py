"""Rooms that a user can join or leave, or has requested to join, although the user may not see them.

The user may know the name, the description and the owner of these rooms. The operations check again under the lock.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.models.invitation import normalize_code
from posts import access
from posts.models import Membership, Room
from posts.refusals import CommonRoom, DeclinedRecently, InvalidJoinCode, NotMember

State = Membership.State
DECLINED_FOR = timedelta(hours=24)  # until a declined user can make another request


def room_to_join(user: User, code: str) -> tuple[Room, Membership | None]:
    """Return the room with the typed join code `code`, with its `owner_name`, and the user's membership in any state.

    Raises InvalidJoinCode or DeclinedRecently.
    """
    room = Room.objects.with_join_code(code).with_owner_name().first()
    if room is None:
        raise InvalidJoinCode
    membership = Membership.objects.filter(user=user, room=room).first()
    check_code(room, membership, code)
    return room, membership


def check_code(room: Room, membership: Membership | None, code: str) -> None:
    """Raise InvalidJoinCode or DeclinedRecently unless a user with `membership` can use the typed code in `room`.

    Members, and users with an open request, can use it after it has expired. It has no effect for them.
    """
    # MariaDB ignores accents when it compares.
    if room.join_code != normalize_code(code):
        raise InvalidJoinCode
    state = membership.state if membership else None
    if state in (State.MEMBER, State.APPLIED):
        return
    now = timezone.now()
    if not room.accepts_code(now):
        raise InvalidJoinCode
    if state == State.DECLINED:
        seconds = (membership.state_changed_at + DECLINED_FOR - now).total_seconds()
        if seconds > 0:
            raise DeclinedRecently(seconds)


def makes_request(room: Room, membership: Membership | None) -> bool:
    """Return whether a join code only makes a request for a user with `membership`."""
    return room.joining == Room.Joining.REQUEST or (membership is not None and membership.must_ask)


def requested_rooms(viewer: access.Access) -> list[Room]:
    """Return the rooms that the user has requested to join, with their `owner_name`, by name."""
    if not viewer.requested:  # for most users; an empty queryset would cost a tenth of the page
        return []
    return list(Room.objects.filter(pk__in=viewer.requested).with_owner_name().order_by("name"))


def membership_to_leave(user: User, slug: str) -> Membership:
    """Return the user's membership or join request in a room, with the room.

    Raises Http404, NotMember or CommonRoom.
    """
    memberships = Membership.objects.filter(user=user, state__in=(State.MEMBER, State.APPLIED))
    membership = memberships.select_related("room").filter(room__slug=slug).first()
    if membership is None or membership.room.slug != slug:  # MariaDB ignores case
        access.room_to_read(access.for_user(user), slug)
        raise NotMember
    room = membership.room
    # Only administrators can see the common room while it is archived.
    if room.is_common and room.is_archived and not user.is_administrator:
        raise Http404
    if room.is_common:
        raise CommonRoom
    return membership


def successors(membership: Membership) -> QuerySet[User] | None:
    """Return the users who can become the owner of the room if the user of `membership`, its owner, leaves.

    Returns None if the user is not the owner.
    """
    if membership.room.owner_id != membership.user_id:
        return None
    return access.owners(membership.room).exclude(pk=membership.user_id).order_by("username_key")
