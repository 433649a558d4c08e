"""Operations on notifications."""

from config.transactions import operation
from posts.live.hub import wake


@operation
def read_notifications(user, notifications):
    """Mark `notifications` (a queryset) of `user` as read and return how many were unread."""
    count = notifications.filter(recipient=user).mark_as_read()
    if count:
        wake(user.pk)
    return count
