"""One's own account: profile, password, sessions, data, leaving."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.db import IntegrityError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.devices import name_device, session_handle
from accounts.forms import CloseAccountForm, PasswordChangeForm, ProfileForm
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def account_edit(request):
    """Edit one's own profile and picture."""
    # A copy of its own: a form that fails must not change the person in the page's frame.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, request.FILES or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(
                person, form.changed_fields, form.picture, remove_avatar=form.cleaned_data.get("remove_avatar", False)
            )
        except IntegrityError:
            form.add_conflict()
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("account")
    return render(request, "accounts/account_edit.html", {"form": form, "person": request.user})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    """Change one's password; other sessions end."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(request, form.save(commit=False))
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("account")
    return render(request, "accounts/password_change.html", {"form": form})


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


# Looking does nothing but for the line in the record, so a plain link may do it.
@require_GET
def account_export(request):
    """Send everything that is kept about this person, as a JSON file; the record says that it was taken."""
    response = JsonResponse(actions.export_data(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="homeroom-{request.user.username}.json"'
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account_delete(request):
    """Take leave for good, after the password and a plain word."""
    form = CloseAccountForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = User.objects.get(pk=request.user.pk)
        actions.close_account(person, actor=person)
        end_session(request)
        messages.success(request, _("Your account is deleted. Thank you for having been here."))
        return redirect("landing")
    return render(request, "accounts/account_delete.html", {"form": form})
