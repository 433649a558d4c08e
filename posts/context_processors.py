"""Context processors."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from posts.unread import unread_notifications


def unread(request):
    """Add `unread_count`, for the badge, and `poll_seconds`, the interval at which open pages fetch it again.

    The query runs only if a template uses the count.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_count": 0}
    unread_count = SimpleLazyObject(lambda: len(unread_notifications(request)))
    return {"unread_count": unread_count, "poll_seconds": settings.POLL_SECONDS}
