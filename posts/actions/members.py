"""Operations on memberships."""

from accounts.audit import ADDITION, CHANGE, record
from accounts.models import User
from config.transactions import lock, operation
from posts import access
from posts.live.publish import wake
from posts.models import Membership, Notification, Room
from posts.refusals import IsOwner

State = Membership.State
BATCH = 1000


@operation
def add_to_common_room(users):
    """Add `users` to the common room. Existing memberships in any state do not change.

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
        missing = [Membership(room=room, user_id=pk) for pk in batch if pk not in known]
        Membership.objects.bulk_create(missing, ignore_conflicts=True)


@operation
def add_member(membership, actor):
    """Save a new `membership` (unsaved) and notify its user that `actor` added them to the room."""
    _lock_room_and_users(membership, actor)
    membership.state = State.MEMBER
    membership.save(force_insert=True)
    record(actor, membership, ADDITION)
    _notify_accepted(membership, actor)


@operation
def accept_member(membership, actor, reason=""):
    """Make the user of `membership` a member, from any state, and notify them. Returns whether the state changed."""
    changed = _change_state(membership, State.MEMBER, actor, reason)
    if changed:
        _notify_accepted(membership, actor)
    return changed


@operation
def decline_request(membership, actor, reason=""):
    """Decline a join request. Returns whether the membership was a join request."""
    return _change_state(membership, State.DECLINED, actor, reason, only=State.APPLIED)


@operation
def remove_member(membership, actor, reason=""):
    """Remove a user from a room. Returns whether the state changed. Raises IsOwner."""
    return _change_state(membership, State.REMOVED, actor, reason)


def _change_state(membership, state, actor, reason, only=None):
    room = _lock_room_and_users(membership, actor)
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


def _lock_room_and_users(membership, actor):
    room = lock(Room.objects.filter(pk=membership.room_id)).get()
    users = User.objects.lock({membership.user_id, actor.pk})
    access.check_manager(users.get(actor.pk), room)
    return room


def _notify_accepted(membership, actor):
    Notification.objects.create(
        recipient_id=membership.user_id, actor=actor, kind="accepted", room_id=membership.room_id
    )
    wake(membership.user_id)
