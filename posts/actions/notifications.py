"""Operations on notifications."""

from accounts.models import User
from config.transactions import operation
from posts.live.hub import wake
from posts.models.notification import NotificationQuerySet


@operation
def read_notifications(user: User, notifications: NotificationQuerySet) -> int:
    """Mark `notifications` (a queryset) of `user` as read and return how many were unread."""
    count = notifications.filter(recipient=user).mark_as_read()
    if count:
        wake(user.pk)
    return count
