"""Locked rooms for operations, whose access is checked again under the lock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import Http404

from accounts.models import User
from accounts.refusals import AccountInactive
from config.transactions import lock
from posts import access
from posts.models import Membership, Room
from posts.refusals import NotManager, RoomArchived


@dataclass(frozen=True)
class LockedRoom:
    """A locked room, and locked users."""

    room: Room
    user: User  # the user who acts
    others: Mapping[int, User]  # {id: locked user}, without users that do not exist
    is_manager: bool  # whether `user` manages the room
    readers: Mapping[str, int]  # {lower-case username: id} of the locked users who can see the room
    notifications_off: Collection[int]  # the ids of members who turned off notifications for the room


def room_to_write(
    user: User, room_id: int, others: Collection[int] = (), *, may_be_archived: bool = False
) -> LockedRoom:
    """Lock a room, then `user` and `others` (ids of users that the operation refers to), and check access again.

    A concurrent transaction that commits first therefore takes effect, such as one that removes the user or archives
    the room. Raises Http404 if the room is not visible, AccountInactive if the user is not active, and RoomArchived.
    """
    locked = lock_room(user, room_id, others)
    if locked.user.username_key not in locked.readers:
        raise Http404
    if locked.room.is_archived and not may_be_archived:
        raise RoomArchived
    return locked


def managed_room_to_write(user: User, room_id: int, others: Collection[int] = ()) -> LockedRoom:
    """Lock a room and users as `room_to_write` does, and check again that `user` can manage the room.

    The room may be archived. Staff manage all rooms in the admin. Raises Http404, AccountInactive or NotManager.
    """
    locked = lock_room(user, room_id, others)
    if not locked.user.is_staff:
        if locked.user.username_key not in locked.readers:
            raise Http404
        if not locked.is_manager:
            raise NotManager
    return locked


def lock_room(user: User, room_id: int, others: Collection[int] = ()) -> LockedRoom:
    """Lock a room and users as `room_to_write` does, even if `user` cannot see the room: they may join it.

    Raises Http404 if the room does not exist, and AccountInactive.
    """
    room = lock(Room.objects.filter(pk=room_id)).first()
    users = User.objects.lock({user.pk, *others})
    user = users.get(user.pk)
    if user is None or not user.is_active:
        raise AccountInactive
    if room is None:
        raise Http404
    rows = access.visible_memberships(room=room_id, user__in=list(users)).values_list("user", "notify", "is_co_teacher")
    members = {pk: (notify, is_co_teacher) for pk, notify, is_co_teacher in rows}
    readers = [each for each in users.values() if each.is_active and (each.pk in members or each.is_administrator)]
    is_owner = user.pk in members and access.is_owner(user, room.owner_id, members[user.pk][1])
    return LockedRoom(
        room=room,
        user=user,
        others={pk: users[pk] for pk in others if pk in users},
        is_manager=user.is_administrator or is_owner,
        readers={reader.username_key: reader.pk for reader in readers},
        notifications_off={
            pk for pk, (notify, _is_co_teacher) in members.items() if notify == Membership.Notify.NOTHING
        },
    )


def check_manager(actor: User | None, room: Room | None = None) -> None:
    """Raise AccountInactive or NotManager unless the locked user `actor` can manage the locked `room`, or all rooms.

    Staff manage all rooms in the admin.
    """
    if actor is None or not actor.is_active:
        raise AccountInactive
    if not actor.is_staff and (room is None or not access.owners(room).filter(pk=actor.pk).exists()):
        raise NotManager
