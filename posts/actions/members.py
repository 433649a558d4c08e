"""Operations on memberships."""

from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter

from django.contrib.admin.models import LogEntry
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE, entry, record
from accounts.models import Role, User
from accounts.refusals import AccountInactive
from config.transactions import lock, operation
from posts import access
from posts.actions import locking
from posts.live.hub import wake
from posts.models import Membership, Notification, Room
from posts.refusals import CannotBeCoTeacher, CommonRoom, IsOwner, NeedsSuccessor

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
            room = lock(Room.objects.filter(pk=room.pk)).get()
            active = [pk for pk, user in User.objects.lock(missing).items() if user.is_active]
            new = [Membership(room=room, user_id=pk, last_read=room.newest_post) for pk in active]
            Membership.objects.bulk_create(new, ignore_conflicts=True)


def create_memberships(memberships: Iterable[Membership], actor: User, reason: str = "", notify: bool = True) -> None:
    """Save new `memberships`, and notify their users, except `actor`, that they have been added.

    Earlier posts count as read, as for everyone who becomes a member. Call it in an operation that has locked the
    users, or the room whose members they are: closing an account locks it, too. The number of queries depends only on
    the limits of the database.
    """
    # Ordered, so that concurrent transactions lock users in the same order: MariaDB locks them for the foreign key.
    memberships = sorted(memberships, key=attrgetter("user_id"))
    for membership in memberships:
        membership.last_read = membership.room.newest_post
    Membership.objects.bulk_create(memberships)
    users = {membership.user_id for membership in memberships}
    # MySQL does not return the ids.
    saved = Membership.objects.filter(room__in={membership.room_id for membership in memberships}, user__in=users)
    saved = saved.select_related("user", "room")
    LogEntry.objects.bulk_create([entry(actor, membership, ADDITION, reason=reason) for membership in saved])
    _notify(saved if notify else (), actor, "accepted")
    wake(*users)


def make_members(memberships: Collection[Membership], actor: User, reason: str = "") -> None:
    """Make the users of saved `memberships` of one room members, and notify them. The room and the users are locked."""
    requests = [membership for membership in memberships if membership.state == State.APPLIED]
    if requests:
        close_requests(requests[0].room, [membership.user_id for membership in requests])
    now = timezone.now()
    values = {"state": State.MEMBER, "state_changed_at": now, "is_co_teacher": False, "must_ask": False}
    changed = Membership.objects.filter(pk__in=[membership.pk for membership in memberships])
    newest = Room.objects.filter(pk=OuterRef("room")).values("newest_post")
    changed.update(**values, updated_at=now, last_read=Subquery(newest))
    LogEntry.objects.bulk_create([entry(actor, membership, CHANGE, ["state"], reason) for membership in memberships])
    _notify(memberships, actor, "accepted")


@operation
def add_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Make the user of `membership` (unsaved, or saved in any state) a member, and notify them.

    Returns whether the state changed. Raises AccountInactive, also for the user. Also raises as
    `locking.managed_room_to_write` does.
    """
    locked = locking.managed_room_to_write(actor, membership.room_id, others=[membership.user_id])
    current = Membership.objects.filter(room=membership.room_id, user=membership.user_id).first()
    if current is None:
        _require_active(locked.others.get(membership.user_id))
        membership.state, membership.last_read = State.MEMBER, locked.room.newest_post
        membership.save(force_insert=True)
        record(actor, membership, ADDITION, reason=reason)
    elif not _change_state(locked, current, State.MEMBER, reason):
        return False
    _notify([membership], actor, "accepted")
    return True


@operation
def accept_request(membership: Membership, actor: User, reason: str = "") -> bool:
    """Accept a join request and notify the user. Returns whether the membership was a join request.

    Raises AccountInactive, also for the user. Also raises as `locking.managed_room_to_write` does.
    """
    return _decide(membership, actor, State.MEMBER, "accepted", reason)


@operation
def decline_request(membership: Membership, actor: User, reason: str = "") -> bool:
    """Decline a join request and notify the user. Returns whether the membership was a join request.

    Raises as `locking.managed_room_to_write` does.
    """
    return _decide(membership, actor, State.DECLINED, "declined", reason)


@operation
def accept_requests(room: Room, actor: User, until: datetime | None = None) -> int:
    """Accept the join requests of active users, or only those up to the time `until`, and return their number.

    Raises as `locking.managed_room_to_write` does.
    """
    waiting = Membership.objects.filter(room=room, state=State.APPLIED)
    if until is not None:
        waiting = waiting.filter(state_changed_at__lte=until)
    locked = locking.managed_room_to_write(actor, room.pk, others=list(waiting.values_list("user", flat=True)))
    users = [pk for pk, user in locked.others.items() if user.is_active]
    accepted = list(waiting.filter(user__in=users).select_related("user", "room"))
    make_members(accepted, actor)
    return len(accepted)


@operation
def record_export(room: Room, actor: User) -> None:
    """Record in the audit log that `actor` downloads the list of members.

    Raises as `locking.managed_room_to_write` does.
    """
    locking.managed_room_to_write(actor, room.pk)
    record(actor, room, CHANGE, ["export"])


@operation
def remove_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Remove a user from a room. Returns whether the state changed.

    Raises IsOwner. Also raises as `locking.managed_room_to_write` does.
    """
    locked = locking.managed_room_to_write(actor, membership.room_id, others=[membership.user_id])
    return _change_state(locked, membership, State.REMOVED, reason)


@operation
def promote_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Make a member a co-teacher. Returns whether they were none.

    Raises CannotBeCoTeacher. Also raises as `locking.managed_room_to_write` does.
    """
    return _change_co_teacher(membership, actor, True, reason)


@operation
def demote_member(membership: Membership, actor: User, reason: str = "") -> bool:
    """Make a co-teacher an ordinary member. Returns whether they were a co-teacher.

    Raises as `locking.managed_room_to_write` does.
    """
    return _change_co_teacher(membership, actor, False, reason)


@operation
def leave_room(user: User, room: Room, successor: User | None = None) -> None:
    """Leave a room. Its owner must name a `successor`, one of its co-teachers.

    Raises Http404 if the user is not a member, NeedsSuccessor, CommonRoom or AccountInactive.
    """
    locked = locking.lock_room(user, room.pk, others=[successor.pk] if successor else [])
    membership = Membership.objects.filter(room=room, user=user, state=State.MEMBER).first()
    if membership is None:
        raise Http404
    if locked.room.is_common:
        raise CommonRoom
    if locked.room.owner_id == user.pk:
        if successor is None or not access.owners(locked.room).exclude(pk=user.pk).filter(pk=successor.pk).exists():
            raise NeedsSuccessor
        locked.room.owner = successor
        locked.room.save(update_fields=["owner"])
        record(user, locked.room, CHANGE, ["owner"])
        Membership.objects.filter(room=room, user=successor).update(is_co_teacher=False)
        wake(successor.pk)
    set_state(membership, State.LEFT, user)


@operation
def cancel_request(user: User, room: Room) -> bool:
    """Cancel the user's own join request. Returns whether it was open. Raises Http404 or AccountInactive."""
    locking.lock_room(user, room.pk)
    membership = Membership.objects.filter(room=room, user=user, state=State.APPLIED).first()
    if membership:
        set_state(membership, State.LEFT, user)
    return membership is not None


def _decide(membership, actor, state, kind, reason):
    locked = locking.managed_room_to_write(actor, membership.room_id, others=[membership.user_id])
    changed = _change_state(locked, membership, state, reason, only=State.APPLIED)
    if changed:
        _notify([membership], actor, kind)
    return changed


def _change_state(locked, membership, state, reason="", only=None):
    """Change the state of a membership in a locked room. Returns whether it changed."""
    if state == State.MEMBER:
        _require_active(locked.others.get(membership.user_id))
    current = Membership.objects.filter(pk=membership.pk).first()
    if current is None or current.state == state or (only and current.state != only):
        return False
    if state != State.MEMBER and locked.room.owner_id == membership.user_id:
        raise IsOwner
    set_state(current, state, locked.user, reason)
    return True


def set_state(membership: Membership, state: str, actor: User, reason: str = "") -> None:
    """Set the state of a membership whose room and user are locked. The user is no co-teacher afterwards."""
    if membership.state == State.APPLIED:
        close_requests(membership.room, [membership.user_id], are_cancelled=state == State.LEFT)
    elif membership.state == State.MEMBER and state != State.MEMBER:
        _delete_requests_to(membership)
    fields = ["state", "state_changed_at", "is_co_teacher", "must_ask", "updated_at"]
    if state == State.MEMBER != membership.state:
        membership.last_read = membership.room.newest_post
        fields.append("last_read")
    membership.state, membership.state_changed_at, membership.is_co_teacher = state, timezone.now(), False
    if state != State.LEFT:
        membership.must_ask = state in (State.REMOVED, State.DECLINED)
    membership.save(update_fields=fields)
    record(actor, membership, CHANGE, ["state"], reason)
    wake(membership.user_id)


def close_requests(room: Room, users: Iterable[int], *, are_cancelled: bool = False) -> None:
    """Mark the notifications about the join requests of `users` (ids) as read, or delete them if they are cancelled.

    Teachers who are no longer owners have such notifications, too.
    """
    teachers = Membership.objects.filter(room=room).exclude(user__role=Role.STUDENT)
    teachers = list(teachers.values_list("user", flat=True))
    notifications = Notification.objects.filter(recipient__in=teachers, kind="applied", actor__in=users, room=room)
    notifications.delete() if are_cancelled else notifications.mark_as_read()
    wake(*teachers)


def _delete_requests_to(membership):
    """Delete the notifications about join requests of a former owner. Only owners see join requests."""
    Notification.objects.filter(recipient=membership.user_id, room=membership.room_id, kind="applied").delete()


def _change_co_teacher(membership, actor, is_co_teacher, reason):
    locked = locking.managed_room_to_write(actor, membership.room_id, others=[membership.user_id])
    current = Membership.objects.filter(pk=membership.pk, state=State.MEMBER).first()
    user = locked.others.get(membership.user_id)
    if is_co_teacher and (current is None or locked.room.is_common or not user.is_active or not user.is_teacher):
        raise CannotBeCoTeacher
    if current is None or current.is_co_teacher == is_co_teacher or locked.room.owner_id == user.pk:
        return False
    current.is_co_teacher = is_co_teacher
    current.save(update_fields=["is_co_teacher", "updated_at"])
    if not is_co_teacher:
        _delete_requests_to(current)
    record(actor, current, CHANGE, ["is_co_teacher"], reason)
    wake(user.pk)
    return True


def _require_active(user):
    if user is None or not user.is_active:
        raise AccountInactive


def _notify(memberships, actor, kind):
    """Notify the users of `memberships`, except `actor`, of a change of their state in the room."""
    Notification.objects.bulk_create(
        Notification(recipient_id=membership.user_id, actor_id=actor.pk, kind=kind, room_id=membership.room_id)
        for membership in memberships
        if membership.user_id != actor.pk
    )
    wake(*(membership.user_id for membership in memberships))
