"""The page that a person comes home to: their own, whoever asks."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.permissions import role_required, student_required, teacher_required
from posts import access
from posts.models import Membership, Notification
from posts.views.conversation import list_rooms

HOMES = {Role.STUDENT: "home_student", Role.TEACHER: "home_teacher", Role.ADMIN: "home_administrator"}
NEWS = 5


@require_safe
def home(request):
    """Go to the signed-in person's own home."""
    return redirect(HOMES[request.user.role])


@require_safe
@student_required
def home_student(request):
    """Show a student's own details, rooms and news."""
    return render(request, "posts/home.html", _home(request))


@require_safe
@teacher_required
def home_teacher(request):
    """Show the same of a teacher, with who waits at the doors of their rooms."""
    visible = access.of(request).in_visible_rooms()
    waiting = Membership.objects.filter(visible, room__owner=request.user, state=Membership.State.APPLIED)
    applications = (
        waiting.select_related("user", "room").order_by("created_at")[:NEWS] if request.user.is_teacher else []
    )
    return render(request, "posts/home.html", _home(request) | {"applications": applications})


@require_safe
@role_required(Role.ADMIN)
def home_administrator(request):
    """Show the same of an administrator, with the teachers who wait to be approved."""
    return render(request, "posts/home.html", _home(request) | {"waiting_teachers": User.objects.pending()[:NEWS]})


def _home(request):
    visible = access.of(request)
    news = Notification.objects.visible(visible).newest_first()[:NEWS].for_list()
    return {"person": request.user, "rooms": list_rooms(visible, limit=20), "news": news}
