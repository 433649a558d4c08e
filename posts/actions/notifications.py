"""Operations on notifications."""

from collections.abc import Collection

from accounts.models import User
from config.transactions import operation
from posts.actions import locking
from posts.live.hub import wake
from posts.models import Membership, Notification, Room
from posts.models.notification import NotificationQuerySet
from posts.refusals import NotMember


@operation
def notify_approved(teachers: Collection[User], actor: User) -> None:
    """Notify teachers, whose rows are locked, that `actor` approved their accounts.

    The setting NOTIFY_APPROVED names this function, because `accounts` cannot import it.
    """
    Notification.objects.bulk_create(
        Notification(recipient=teacher, actor=actor, kind="approved") for teacher in teachers
    )
    wake(*(teacher.pk for teacher in teachers))


@operation
def read_notifications(user: User, notifications: NotificationQuerySet) -> int:
    """Mark `notifications` (a queryset) of `user` as read and return how many were unread."""
    count = notifications.filter(recipient=user).mark_as_read()
    if count:
        wake(user.pk)
    return count


@operation
def set_notification_level(user: User, room: Room, level: str) -> None:
    """Set which notifications about a room its member `user` gets, a Membership.Notify. The room may be archived.

    Raises Http404, NotMember and AccountInactive.
    """
    locking.room_to_write(user, room.pk, may_be_archived=True)
    if not Membership.objects.filter(user=user, room=room).members().update(notify=level):
        raise NotMember
