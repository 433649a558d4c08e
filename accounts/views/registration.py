"""The landing page and registration."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import StudentRegistrationForm, TeacherRegistrationForm
from config.requests import next_query, next_url, redirect_to_next, submitted_fields


@login_not_required
@require_safe
def landing(request):
    """Describe the site to visitors, and redirect signed-in users to their home page."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/landing.html")


@login_not_required
@require_safe
def register(request):
    """Link to the forms for students and teachers."""
    if request.user.is_authenticated:
        return redirect_to_next(request, "home")
    context = {"next_query": next_query(next_url(request, ""))}
    return render(request, "accounts/registration_choose.html", context)


@login_not_required
@sensitive_post_parameters("password1", "password2", "invitation")
@require_http_methods(["GET", "HEAD", "POST"])
def register_student(request):
    success_message = _("Congratulations, you are now a registered student!")
    return _register(request, StudentRegistrationForm, "student", success_message, "login_student")


@login_not_required
@sensitive_post_parameters("password1", "password2", "invitation")
@require_http_methods(["GET", "HEAD", "POST"])
def register_teacher(request):
    """Register a teacher, who is pending unless they have an invitation code."""
    success_message = _("Congratulations, you are now a registered teacher!")
    return _register(request, TeacherRegistrationForm, "teacher", success_message, "login_teacher")


def _register(request, form_class, role, success_message, login_url_name):
    if request.user.is_authenticated:
        return redirect_to_next(request, "home")
    form = form_class(submitted_fields(request), request=request)
    user = _create_user(form) if request.method == "POST" else None
    target = next_url(request, "")
    if user:
        messages.success(request, success_message)
        query = {"username": user.username} | ({"next": target} if target else {})
        return redirect(f"{reverse(login_url_name)}?{urlencode(query, safe='/')}")
    context = {"form": form, "role": role, "login_url_name": login_url_name}
    context |= {"next": target, "next_query": next_query(target)}
    return form.add_status(render(request, "accounts/registration_form.html", context))


def _create_user(form):
    """Return the new user, or None if the form has errors."""
    user = None
    if form.is_valid():
        try:
            user = actions.register_user(form.save(commit=False), form.cleaned_data.get("invitation", ""))
        except (IntegrityError, ValidationError) as error:
            form.add_conflict(error)
    form.refund_attempt()
    return user
