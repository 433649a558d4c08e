"""Changing and resetting a password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    """Change the user's own password and end their other sessions."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(request, form.save(commit=False))
        messages.success(request, _("Your password has been changed. You have been signed out on all other devices."))
        return redirect("account")
    return render(request, "accounts/password_change.html", {"form": form})


class PasswordResetView(auth_views.PasswordResetView):
    """Send a reset link by email. The response does not reveal whether the address belongs to a user."""

    email_template_name = "registration/password_reset_email.txt"
    form_class = PasswordResetForm

    @property
    def extra_email_context(self):
        return {"site_url": settings.SITE_URL}


class PasswordResetConfirmView(auth_views.PasswordResetConfirmView):
    """Set a new password after following a reset link."""

    form_class = SetPasswordForm

    def form_valid(self, form):
        """Save the password and end all sessions, including the current one."""
        actions.change_password(None, form.save(commit=False))
        self.request.session.flush()
        return redirect(self.success_url)
