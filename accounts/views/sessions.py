"""Sessions."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.devices import name_device, session_handle


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request):
    """Show where one is signed in; POST `session` ends that one, `others` all but this."""
    current = request.session.session_key
    sessions = list(request.user.sessions.live())
    if request.method == "POST":
        if "others" in request.POST:
            actions.end_sessions(request.user, request.user, keep=current)
            messages.success(request, _("You are signed out everywhere else."))
            return redirect("sessions")
        chosen = [row.pk for row in sessions if session_handle(row.pk) == request.POST.get("session")]
        for key in chosen:
            actions.end_sessions(request.user, request.user, only=key)
        if current in chosen:
            end_session(request)
        if chosen:
            messages.success(request, _("That session is ended."))
        return redirect("login" if current in chosen else "sessions")
    rows = [
        {"handle": session_handle(row.pk), "device": name_device(row.user_agent), "is_current": row.pk == current}
        | {"started_at": row.started_at, "expire_date": row.expire_date}
        for row in sessions
    ]
    return render(request, "accounts/session_list.html", {"rows": rows})
