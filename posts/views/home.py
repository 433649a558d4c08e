"""Home pages: the user's profile, rooms and latest notifications."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from posts import access
from posts.models import Membership, Notification

URL_NAMES = {Role.STUDENT: "home_student", Role.TEACHER: "home_teacher", Role.ADMIN: "home_administrator"}
REFUSALS = {
    Role.STUDENT: _("This page is for students."),
    Role.TEACHER: _("This page is for teachers."),
    Role.ADMIN: _("This page is for administrators."),
}
MAX_ROOMS = 20
MAX_ITEMS = 5  # in each of the other lists


@require_safe
def home(request):
    """Redirect to the home page for the user's role."""
    return redirect(URL_NAMES[request.user.role])


@require_safe
def home_student(request):
    """Show the home page of a student."""
    return render(request, "posts/home.html", _home_context(request, Role.STUDENT))


@require_safe
def home_teacher(request):
    """Show the home page of a teacher, with the join requests for their rooms. Pending teachers see it without them."""
    context = _home_context(request, Role.TEACHER)
    if request.user.is_teacher:
        memberships = Membership.objects.filter(
            access.for_request(request).in_visible_rooms(),
            room__owner=request.user,
            state=Membership.State.APPLIED,
        )
        context["join_requests"] = memberships.select_related("user", "room").order_by("created_at")[:MAX_ITEMS]
    return render(request, "posts/home.html", context)


@require_safe
def home_administrator(request):
    """Show the home page of an administrator, with the teachers awaiting approval."""
    context = _home_context(request, Role.ADMIN)
    return render(request, "posts/home.html", context | {"pending_teachers": User.objects.pending()[:MAX_ITEMS]})


def _home_context(request, role):
    """Return the context of all home pages. Raises PermissionDenied for users with another role."""
    if request.user.role != role:
        raise PermissionDenied(REFUSALS[role])
    visible = access.for_request(request)
    notifications = Notification.objects.visible(visible).newest_first()[:MAX_ITEMS].for_list()
    return {"rooms": access.rooms_to_list(visible, MAX_ROOMS), "notifications": notifications}
