"""Home pages: the user's profile, rooms and latest notifications."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.permissions import administrator_required, student_required, teacher_required
from posts import access
from posts.models import Membership, Notification

URL_NAMES = {Role.STUDENT: "home_student", Role.TEACHER: "home_teacher", Role.ADMIN: "home_administrator"}
MAX_ROOMS = 20
MAX_ITEMS = 5  # in each of the other lists


@require_safe
def home(request):
    """Redirect to the home page for the user's role."""
    return redirect(URL_NAMES[request.user.role])


@require_safe
@student_required
def home_student(request):
    """Show the home page of a student."""
    return render(request, "posts/home.html", _home_context(request))


@require_safe
@teacher_required
def home_teacher(request):
    """Show the home page of a teacher, with the join requests for their rooms."""
    join_requests = []
    if request.user.is_teacher:
        memberships = Membership.objects.filter(
            access.for_request(request).in_visible_rooms(),
            room__owner=request.user,
            state=Membership.State.APPLIED,
        )
        join_requests = memberships.select_related("user", "room").order_by("created_at")[:MAX_ITEMS]
    return render(request, "posts/home.html", _home_context(request) | {"join_requests": join_requests})


@require_safe
@administrator_required
def home_administrator(request):
    """Show the home page of an administrator, with the teachers awaiting approval."""
    pending_teachers = User.objects.pending()[:MAX_ITEMS]
    return render(request, "posts/home.html", _home_context(request) | {"pending_teachers": pending_teachers})


def _home_context(request):
    visible = access.for_request(request)
    notifications = Notification.objects.visible(visible).newest_first()[:MAX_ITEMS].for_list()
    return {"rooms": access.rooms_to_list(visible, MAX_ROOMS), "notifications": notifications}
