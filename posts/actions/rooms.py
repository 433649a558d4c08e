"""Operations on rooms."""

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE, DELETION, record
from accounts.models import User, new_code
from config.transactions import lock, operation
from posts import access
from posts.live.hub import wake
from posts.models import Membership, Post, Room
from posts.refusals import CannotOwnRoom, RoomNotEmpty

State = Membership.State


@operation
def create_room(room: Room, actor: User) -> Room:
    """Save a new `room` (unsaved) and make its owner, if it has one, a member.

    Raises CannotOwnRoom. Also raises as `check_manager` does.
    """
    owner = room.owner
    users = User.objects.lock({actor.pk, *([owner.pk] if owner else [])})
    access.check_manager(users.get(actor.pk))
    if owner:
        _check_can_own(users.get(owner.pk))
    room.save(force_insert=True)
    if owner:
        Membership.objects.create(room=room, user=owner)
    record(actor, room, ADDITION)
    wake()
    return room


@operation
def change_owner(room: Room, owner: User | None, actor: User, reason: str = "") -> None:
    """Change the owner of a room. The former owner is removed from it, and the new owner becomes a member.

    `owner` is a User, or None for a room without an owner. Raises CannotOwnRoom. Also raises as
    `check_manager` does.
    """
    room = lock(Room.objects.filter(pk=room.pk)).get()
    former = room.owner_id
    new = owner.pk if owner else None
    if former == new:
        return
    users = User.objects.lock({pk for pk in (actor.pk, former, new) if pk})
    access.check_manager(users.get(actor.pk))
    if owner:
        _check_can_own(users.get(new))
        Membership.objects.update_or_create(room=room, user=owner, defaults={"state": State.MEMBER})
    if former:
        Membership.objects.update_or_create(room=room, user_id=former, defaults={"state": State.REMOVED})
    room.owner = owner
    room.save(update_fields=["owner"])
    record(actor, room, CHANGE, ["owner"], reason)
    wake(*(pk for pk in (former, new) if pk))


@operation
def archive_rooms(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Archive `rooms` (a queryset) and return how many were open. Archiving the common room hides it.

    Raises as `check_manager` does.
    """
    return _change_rooms(rooms, actor, reason, lambda room: not room.is_archived, archived_at=timezone.now)


@operation
def unarchive_rooms(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Reopen `rooms` (a queryset) and return how many were archived. Raises as `check_manager` does."""
    return _change_rooms(rooms, actor, reason, lambda room: room.is_archived, archived_at=lambda: None)


@operation
def renew_join_codes(rooms: QuerySet, actor: User, reason: str = "") -> int:
    """Replace the join codes of `rooms` (a queryset); the old codes stop working.

    Returns the number of rooms. Raises as `check_manager` does.
    """
    return _change_rooms(rooms, actor, reason, lambda room: True, join_code=new_code)


@operation
def delete_room(room: Room, actor: User) -> None:
    """Delete a room without posts.

    Raises RoomNotEmpty if it has posts or is the common room. Also raises as `check_manager` does.
    """
    room = lock(Room.objects.filter(pk=room.pk)).get()
    access.check_manager(User.objects.lock([actor.pk]).get(actor.pk))
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


def _change_rooms(rooms, actor, reason, applies, **values):
    pks = list(rooms.values_list("pk", flat=True))
    changed = [room for room in lock(Room.objects.filter(pk__in=pks)) if applies(room)]
    actor = User.objects.lock([actor.pk]).get(actor.pk)
    for room in changed:
        access.check_manager(actor, room)
        for field, value in values.items():
            setattr(room, field, value())
        room.save(update_fields=[*values])
        record(actor, room, CHANGE, [*values], reason)
    wake()
    return len(changed)


def _check_can_own(user):
    if user is None or not user.is_active or user.is_student:
        raise CannotOwnRoom
