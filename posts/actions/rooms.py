"""Operations on rooms."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE, DELETION, record
from accounts.models import User
from config.transactions import lock, operation
from posts import access
from posts.actions import locking
from posts.actions.members import create_memberships, set_state
from posts.live.hub import wake
from posts.models import Membership, Post, Room, new_join_code, new_slug_suffix
from posts.refusals import CannotOwnRoom, CommonRoom, RoomNotEmpty

State = Membership.State


@operation
def create_room(room: Room, actor: User, slug: str = "", copy_from: Room | None = None) -> Room:
    """Save a new `room` (unsaved) and make its owner, if it has one, a member.

    Its address is `slug`, by default one made from its name. Staff create rooms for others, too. The members of the
    room `copy_from` become members and are notified. Raises CannotCreateRoom, CannotOwnRoom or AccountInactive, and
    IntegrityError if another room has the address `slug`. For `copy_from`, also raises as
    `locking.managed_room_to_write` does.
    """
    owner = room.owner
    owners = [owner.pk] if owner else []
    source = locking.managed_room_to_write(actor, copy_from.pk, others=owners).room if copy_from else None
    users = User.objects.lock({actor.pk, *owners})
    access.check_can_create(users.get(actor.pk), owner)
    if owner:
        _check_can_own(users.get(owner.pk))
    insert_room(room, slug)
    if owner:
        Membership.objects.create(room=room, user=owner)
    record(actor, room, ADDITION)
    if source:
        _copy_members(source, room, actor)
    wake()
    return room


@operation
def update_room(room: Room, actor: User, values: Mapping[str, Any]) -> None:
    """Save the fields in `values` ({name: value}) that differ from the saved ones. The room may be archived.

    Raises as `locking.managed_room_to_write` does, and IntegrityError if another room has the address `slug`.
    """
    room = locking.managed_room_to_write(actor, room.pk).room
    changed = [name for name, value in values.items() if getattr(room, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(room, name, values[name])
    room.save(update_fields=changed)
    record(actor, room, CHANGE, changed)


@operation
def change_owner(room: Room, owner: User | None, actor: User, reason: str = "") -> None:
    """Change the owner of a room. The former owner is removed from it, and the new owner becomes a member.

    `owner` is a User, or None for a room without an owner. Only staff can. Raises CannotOwnRoom, NotManager or
    AccountInactive.
    """
    room = lock(Room.objects.filter(pk=room.pk)).get()
    former = room.owner_id
    new = owner.pk if owner else None
    if former == new:
        return
    users = User.objects.lock({pk for pk in (actor.pk, former, new) if pk})
    locking.check_manager(users.get(actor.pk))
    if owner:
        _check_can_own(users.get(new))
        _set_membership(room, owner, State.MEMBER, actor)
    if former:
        _set_membership(room, users[former], State.REMOVED, actor)
    room.owner = owner
    room.save(update_fields=["owner"])
    record(actor, room, CHANGE, ["owner"], reason)
    wake(*(pk for pk in (former, new) if pk))


@operation
def archive_rooms(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Archive `rooms` (a queryset) and return how many were open. Archiving the common room hides it.

    Raises as `locking.check_manager` does.
    """
    return _change_rooms(rooms, actor, reason, lambda room: not room.is_archived, archived_at=timezone.now)


@operation
def unarchive_rooms(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Reopen `rooms` (a queryset) and return how many were archived. Raises as `locking.check_manager` does."""
    return _change_rooms(rooms, actor, reason, lambda room: room.is_archived, archived_at=lambda: None)


@operation
def renew_join_codes(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Replace the join codes of `rooms` (a queryset); the old codes stop working.

    Returns the number of rooms. Raises as `locking.check_manager` does.
    """
    return _change_rooms(rooms, actor, reason, lambda room: True, join_code=new_join_code, code_uses=lambda: 0)


@operation
def delete_room(room: Room, actor: User) -> None:
    """Delete a room without posts.

    Raises RoomNotEmpty if it has posts or is the common room. Also raises as `locking.check_manager` does.
    """
    room = lock(Room.objects.filter(pk=room.pk)).get()
    locking.check_manager(User.objects.lock([actor.pk]).get(actor.pk))
    if room.is_common or room.posts.exists():
        raise RoomNotEmpty
    record(actor, room, DELETION)
    room.delete()
    wake()


@operation
def repair_newest_posts() -> int:
    """Correct `Room.newest_post` and return the number of rooms that it was wrong for.

    A version that does not know the field may have written or removed posts during an upgrade.
    """
    newest = Post.objects.filter(room=OuterRef("pk")).not_removed().order_by("-room", "-pk").values("pk")[:1]
    wrong = Room.objects.annotate(newest=Coalesce(Subquery(newest), 0)).exclude(newest_post=F("newest"))
    # Fetched before the locks, so that rooms in use do not wait. A post that is written since corrects its room itself.
    rooms = lock(Room.objects.filter(pk__in=list(wrong.values_list("pk", flat=True))))
    for room in rooms:
        room.newest_post = Post.objects.in_room(room).not_removed().aggregate(newest=Max("pk"))["newest"] or 0
        room.save(update_fields=["newest_post"])
    return len(rooms)


def insert_room(room: Room, slug: str = "") -> None:
    """Save a new room with the address `slug`, by default one made from its name."""
    room.slug = slug or Room.objects.free_slug(room.name)
    try:
        with transaction.atomic():
            room.save(force_insert=True)
    except IntegrityError:
        if slug:
            raise
        # Another request took the address first.
        room.slug = f"{room.slug}-{new_slug_suffix()}"
        room.save(force_insert=True)


def _copy_members(source, room, actor):
    """Copy the active members of `source`, its co-teachers, and the right to reset passwords into a new room."""
    if source.is_common:
        raise CommonRoom
    owners = set(access.owners(source).values_list("pk", flat=True))
    members = Membership.objects.filter(room=source).members().of_active_users().select_related("user")
    create_memberships(
        [
            Membership(
                room=room,
                user=member.user,
                is_co_teacher=member.user_id in owners,
                created_account=member.created_account,
            )
            for member in members.exclude(user=room.owner)
        ],
        actor,
    )


def _change_rooms(rooms, actor, reason, applies, **values):
    pks = list(rooms.values_list("pk", flat=True))
    changed = [room for room in lock(Room.objects.filter(pk__in=pks)) if applies(room)]
    actor = User.objects.lock([actor.pk]).get(actor.pk)
    for room in changed:
        locking.check_manager(actor, room)
        for field, value in values.items():
            setattr(room, field, value())
        room.save(update_fields=[*values])
        record(actor, room, CHANGE, [*values], reason)
    wake()
    return len(changed)


def _set_membership(room, user, state, actor):
    """Set the state of a user's membership, which may not exist yet."""
    membership = Membership.objects.filter(room=room, user=user).first()
    if membership is None:
        Membership.objects.create(room=room, user=user, state=state, last_read=room.newest_post)
    else:
        set_state(membership, state, actor)


def _check_can_own(user):
    if user is None or not user.is_active or user.is_student:
        raise CannotOwnRoom
