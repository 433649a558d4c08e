"""The front door: what this site is, and becoming one of its people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import StudentRegistrationForm, TeacherRegistrationForm


@login_not_required
@require_safe
def landing(request):
    """Say what this site is; a signed-in person goes on to their home."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/landing.html")


@login_not_required
@require_safe
def register(request):
    """Let a visitor choose which kind of person they are."""
    return redirect("home") if request.user.is_authenticated else render(request, "accounts/register_choose.html")


@login_not_required
@sensitive_post_parameters("password1", "password2", "invitation")
@require_http_methods(["GET", "HEAD", "POST"])
def register_student(request):
    """Register a student."""
    congratulations = _("Congratulations, you are now a registered student!")
    return _register(request, StudentRegistrationForm, "student", congratulations, "login_student")


@login_not_required
@sensitive_post_parameters("password1", "password2", "invitation")
@require_http_methods(["GET", "HEAD", "POST"])
def register_teacher(request):
    """Register a teacher, who waits for approval unless they bring an invitation."""
    congratulations = _("Congratulations, you are now a registered teacher!")
    return _register(request, TeacherRegistrationForm, "teacher", congratulations, "login_teacher")


def _register(request, form_class, kind, congratulations, login_name):
    if request.user.is_authenticated:
        return redirect("home")
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.register(form.save(commit=False), form.cleaned_data.get("invitation", ""))
        except (IntegrityError, ValidationError) as error:
            form.add_conflict(error)
        else:
            messages.success(request, congratulations)
            query = QueryDict(mutable=True)
            query["username"] = user.username
            return redirect(f"{reverse(login_name)}?{query.urlencode()}")
    return render(request, "accounts/register_form.html", {"form": form, "kind": kind, "login_name": login_name})
