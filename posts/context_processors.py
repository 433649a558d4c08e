"""What every page shows of the talk."""

from django.utils.functional import SimpleLazyObject

from posts.models import Notification


def unread(request):
    """Give `unread_count`, the badge's number; asked of the database only by a page that shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_count": 0}
    return {"unread_count": SimpleLazyObject(lambda: Notification.objects.count_unread(user))}
