"""What every page shows of the talk."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from posts import access
from posts.models import Notification


def unread(request):
    """Give `unread_count`, the badge's number, asked of the database only by a page that shows it, and how often
    (`poll_seconds`) an open page asks again.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_count": 0}
    unread_count = SimpleLazyObject(lambda: Notification.objects.count_unread(access.of(request)))
    return {"unread_count": unread_count, "poll_seconds": settings.POLL_SECONDS}
