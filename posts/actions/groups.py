"""Operations on groups: rooms for parts of a class."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE, record
from accounts.models import User
from config.transactions import lock, operation
from posts import access
from posts.actions import locking
from posts.actions.members import create_memberships
from posts.actions.rooms import insert_room
from posts.live.hub import wake
from posts.models import Membership, Room
from posts.refusals import CommonRoom, IsGroup, RoomArchived

NAME_LENGTH = Room._meta.get_field("name").max_length


@operation
def create_groups(room: Room, actor: User, groups: Iterable[Collection[int]]) -> list[Room]:
    """Create a room for each of `groups` (ids of students of `room`), with the owners of `room`. Notify the students.

    Ids of users who are no longer students of the room are ignored. If the room has open groups, returns those instead.
    Raises RoomArchived, CommonRoom or IsGroup. Also raises as `locking.managed_room_to_write` does.
    """
    room = locking.managed_room_to_write(actor, room.pk).room
    check_can_have_groups(room)
    if room.is_archived:
        raise RoomArchived
    if existing := list(room.groups.open()):
        return existing
    members = Membership.objects.filter(room=room).members().select_related("user")
    owners = [member.user for member in members.filter(Q(user=room.owner_id) | Q(user__in=access.owners(room)))]
    students = {member.user_id: member.user for member in members.of_active_students()}
    created, teachers, pupils = [], [], []
    for number, ids in enumerate(groups, 1):
        group = Room(name=_group_name(room, number), owner_id=room.owner_id, group_of=room, joining=Room.Joining.CLOSED)
        insert_room(group)
        record(actor, group, ADDITION)
        created.append(group)
        teachers += [Membership(room=group, user=user, is_co_teacher=user.pk != room.owner_id) for user in owners]
        pupils += [Membership(room=group, user=students.pop(pk)) for pk in sorted(ids) if pk in students]
    create_memberships(teachers, actor, notify=False)
    create_memberships(pupils, actor)
    return created


@operation
def archive_groups(room: Room, actor: User) -> int:
    """Archive the open groups of `room` and return their number. Raises as `locking.managed_room_to_write` does."""
    rooms = list(lock(Room.objects.filter(Q(pk=room.pk) | Q(group_of=room))))  # before the user
    locking.managed_room_to_write(actor, room.pk)
    groups = [group for group in rooms if group.group_of_id and not group.is_archived]
    for group in groups:
        group.archived_at = timezone.now()
        group.save(update_fields=["archived_at"])
        record(actor, group, CHANGE, ["archived_at"])
    wake()
    return len(groups)


def check_can_have_groups(room: Room) -> None:
    """Raise CommonRoom or IsGroup unless the room can be split into groups."""
    if room.is_common:
        raise CommonRoom
    if room.group_of_id:
        raise IsGroup


def _group_name(room, number):
    suffix = f" · {number}"
    return f"{room.name[: NAME_LENGTH - len(suffix)].rstrip()}{suffix}"
