"""Joining rooms with a join code."""

from django.utils import timezone

from accounts.audit import ADDITION, CHANGE, record
from accounts.models import User
from config.transactions import operation
from posts import access, joining
from posts.actions import locking
from posts.live.hub import wake
from posts.models import Membership, Notification, Room
from posts.refusals import InvalidJoinCode

State = Membership.State


@operation
def join_room(user: User, code: str) -> Membership:
    """Join the room with the join code `code`, or request to join it, and return the membership.

    Has no effect for members and for users with an open request. Users that an owner has removed or declined can only
    request to join. A join and a request use the code once, but not for a user who has left: otherwise one user could
    use it up. Raises InvalidJoinCode, DeclinedRecently or AccountInactive.
    """
    room = Room.objects.with_join_code(code).first()
    if room is None:
        raise InvalidJoinCode
    room = locking.lock_room(user, room.pk).room
    membership = Membership.objects.filter(user=user, room=room).first()
    joining.check_code(room, membership, code)
    if membership and membership.state in (State.MEMBER, State.APPLIED):
        return membership
    makes_request, is_new = joining.makes_request(room, membership), membership is None
    if is_new or membership.state != State.LEFT:
        room.code_uses += 1
        room.save(update_fields=["code_uses"])
    membership = membership or Membership(user=user, room=room)
    membership.state, membership.state_changed_at = State.APPLIED if makes_request else State.MEMBER, timezone.now()
    membership.last_read = room.newest_post
    membership.save()
    record(user, membership, ADDITION if is_new else CHANGE, ["state"])
    if makes_request:
        _notify_owners(membership)
    wake(user.pk)
    return membership


def _notify_owners(membership):
    owners = list(access.owners(membership.room).values_list("pk", flat=True))
    Notification.objects.bulk_create(
        Notification(recipient_id=owner, actor_id=membership.user_id, kind="applied", room_id=membership.room_id)
        for owner in owners
    )
    wake(*owners)
