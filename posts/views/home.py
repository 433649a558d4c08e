"""Home pages: what needs the user's attention, their rooms, and the latest mentions and replies."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from posts import access, joining, unread
from posts.forms import FirstRoomForm, JoinForm
from posts.models import Notification
from posts.notification_kinds import ABOUT_POSTS

URL_NAMES = {Role.STUDENT: "home_student", Role.TEACHER: "home_teacher", Role.ADMIN: "home_administrator"}
REFUSALS = {
    Role.STUDENT: _("This page is for students."),
    Role.TEACHER: _("This page is for teachers."),
    Role.ADMIN: _("This page is for administrators."),
}
MAX_ITEMS = 5  # in each of the other lists


@require_safe
def home(request):
    """Redirect to the home page for the user's role."""
    return redirect(URL_NAMES[request.user.role])


@require_safe
def home_student(request):
    """Show the home page of a student, with the form for a join code if they have only the common room."""
    context = _home_context(request, Role.STUDENT)
    if all(room.is_common for room in context["room_list"].rooms):
        context["join_form"] = JoinForm(request=request)
    return render(request, "posts/home.html", context)


@require_safe
def home_teacher(request):
    """Show the home page of a teacher, with the join requests for their rooms, or the form for their first room.

    Pending teachers own no rooms and cannot create any.
    """
    context = _home_context(request, Role.TEACHER) | _request_context(request)
    if context["can_create_rooms"] and not access.for_request(request).owned:
        context["room_form"] = FirstRoomForm()
    return render(request, "posts/home.html", context)


@require_safe
def home_administrator(request):
    """Show the home page of an administrator, with join requests and the teachers awaiting approval."""
    context = _home_context(request, Role.ADMIN) | _request_context(request)
    pending = User.objects.pending()
    context |= {"pending_teachers": pending[:MAX_ITEMS], "pending_count": pending.count()}
    context["attention_count"] += context["pending_count"]
    return render(request, "posts/home.html", context)


def _home_context(request, role):
    """Return the context of all home pages. Raises PermissionDenied for users with another role."""
    if request.user.role != role:
        raise PermissionDenied(REFUSALS[role])
    visible = access.for_request(request)
    notifications = Notification.objects.visible(visible).filter(kind__in=ABOUT_POSTS).newest_first()
    return {
        "room_list": unread.rooms_for_home(request),
        "can_create_rooms": access.can_create_rooms(request.user),
        "uses_common_room": visible.sees_everyone,
        "requested_rooms": joining.requested_rooms(visible),
        "notifications": notifications[:MAX_ITEMS].for_list(),
    }


def _request_context(request):
    """Return the oldest join requests that the user can decide, and the number of requests for each room."""
    requests = access.requests_to_decide(access.for_request(request))
    counts = requests.values(name=F("room__name"), slug=F("room__slug")).annotate(count=Count("pk")).order_by("name")
    counts = list(counts)
    count = sum(room["count"] for room in counts)
    return {
        "requests": requests.oldest_first().select_related("user", "room")[:MAX_ITEMS] if counts else [],
        "request_counts": counts,
        "request_count": count,
        "attention_count": count,
        "here": request.path,
    }
