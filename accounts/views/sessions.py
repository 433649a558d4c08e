"""The user's own sessions."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.devices import name_device, session_handle


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request):
    """List the user's sessions.

    A POST request with `session` (a handle) ends that session, and one with `others` ends all except the current one.
    """
    if request.method == "POST":
        return _end_other_sessions(request) if "others" in request.POST else _end_session(request)
    current = request.session.session_key
    rows = [
        {"handle": session_handle(row.pk), "device": name_device(row.user_agent), "is_current": row.pk == current}
        | {"started_at": row.started_at, "expire_date": row.expire_date}
        | {"is_shared": row.get_decoded().get("shared_device", False)}
        for row in request.user.sessions.active()
    ]
    return render(request, "accounts/session_list.html", {"rows": rows})


def _end_other_sessions(request):
    actions.end_sessions(request.user, request.user, except_key=request.session.session_key)
    messages.success(request, _("You have been signed out on all other devices."))
    return redirect("sessions")


def _end_session(request):
    handle, current = request.POST.get("session"), request.session.session_key
    keys = request.user.sessions.active().values_list("pk", flat=True)
    key = next((key for key in keys if session_handle(key) == handle), None)
    if key is None:
        return redirect("sessions")
    actions.end_sessions(request.user, request.user, only_key=key)
    if key == current:
        end_session(request)
    messages.success(request, _("The device has been signed out."))
    return redirect("login" if key == current else "sessions")
