"""Operations on memberships."""

from collections.abc import Iterable

from accounts.audit import ADDITION, CHANGE, record
from accounts.models import User
from accounts.refusals import AccountInactive
from config.transactions import lock, operation
from posts import access
from posts.live.hub import wake
from posts.models import Membership, Notification, Room
from posts.refusals import IsOwner

State = Membership.State
BATCH = 1000


@operation
def add_to_common_room(users: Iterable[User]) -> None:
    """Add the active `users` to the common room. Existing memberships in any state do not change.

    The setting ADD_TO_COMMON_ROOM names this function, because `accounts` cannot import it. All code that creates
    users calls it. Signing in calls it again, for users who were created outside the site.
    """
    room = Room.objects.filter(is_common=True).first()
    if room is None:
        return
    ids = [user.pk for user in users]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        known = set(Membership.objects.filter(room=room, user__in=batch).values_list("user", flat=True))
        if missing := [pk for pk in batch if pk not in known]:
            # MariaDB locks the room for a new membership, so lock it before the users, as every operation does.
            lock(Room.objects.filter(pk=room.pk)).get()
            active = [pk for pk, user in User.objects.lock(missing).items() if user.is_active]
            Membership.objects.bulk_create([Membership(room=room, user_id=pk) for pk in active], ignore_conflicts=True)


@operation
def add_member(membership: Membership, actor: User) -> None:
    """Save a new `membership` (unsaved) and notify its user that `actor` added them.

    Raises AccountInactive. Also raises as `check_manager` does.
    """
    _room, user = _lock_room_and_user(membership, actor)
    _require_active(user)
    membership.state = State.MEMBER
    membership.save(force_insert=True)
    record(actor, membership, ADDITION)
    _notify_accepted(membership, actor)


@operation
def accept_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Make the user of `membership` a member, from any state, and notify them. Returns whether the state changed.

    Raises AccountInactive. Also raises as `check_manager` does.
    """
    changed = _change_state(membership, State.MEMBER, actor, reason)
    if changed:
        _notify_accepted(membership, actor)
    return changed


@operation
def decline_request(membership: Membership, actor: User, reason: str = "") -> bool:
    """Decline a join request. Returns whether the membership was a join request.

    Raises as `check_manager` does.
    """
    return _change_state(membership, State.DECLINED, actor, reason, only=State.APPLIED)


@operation
def remove_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Remove a user from a room. Returns whether the state changed.

    Raises IsOwner. Also raises as `check_manager` does.
    """
    return _change_state(membership, State.REMOVED, actor, reason)


def _change_state(membership, state, actor, reason, only=None):
    room, user = _lock_room_and_user(membership, actor)
    if state == State.MEMBER:
        _require_active(user)
    current = Membership.objects.filter(pk=membership.pk).first()
    if current is None or current.state == state or (only and current.state != only):
        return False
    if state != State.MEMBER and room.owner_id == membership.user_id:
        raise IsOwner
    current.state = membership.state = state
    current.save(update_fields=["state", "updated_at"])
    record(actor, membership, CHANGE, ["state"], reason)
    wake(membership.user_id)
    return True


def _lock_room_and_user(membership, actor):
    """Lock the room, the user of `membership` and `actor`, who must be able to manage the room."""
    room = lock(Room.objects.filter(pk=membership.room_id)).get()
    users = User.objects.lock({membership.user_id, actor.pk})
    access.check_manager(users.get(actor.pk), room)
    return room, users.get(membership.user_id)


def _require_active(user):
    if user is None or not user.is_active:
        raise AccountInactive


def _notify_accepted(membership, actor):
    Notification.objects.create(
        recipient_id=membership.user_id, actor=actor, kind="accepted", room_id=membership.room_id
    )
    wake(membership.user_id)
