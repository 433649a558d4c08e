"""Changing and resetting a password."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.browsers import remember_browser
from accounts.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from config.requests import redirect_to_next


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request):
    """Change the user's own password, end their other sessions and redirect to `next`."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = actions.change_password(request, request.user, form.password_hash())
        if not request.session.get("shared_device"):
            remember_browser(request, user)
        messages.success(request, _("Your password has been changed. You have been signed out on all other devices."))
        return redirect_to_next(request, "account")
    return form.add_status(render(request, "accounts/password_change.html", {"form": form}))


class PasswordResetView(auth_views.PasswordResetView):
    """Send a reset link by email. The response does not reveal whether the address belongs to a user."""

    form_class = PasswordResetForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_invalid(self, form):
        return form.add_status(super().form_invalid(form))

    def form_valid(self, form):
        actions.request_password_reset(form.cleaned_data["email"])
        return redirect(self.success_url)


class PasswordResetConfirmView(auth_views.PasswordResetConfirmView):
    """Set a new password after following a reset link."""

    form_class = SetPasswordForm

    def form_valid(self, form):
        """Save the password and end all sessions, including the current one."""
        actions.change_password(None, form.user, form.password_hash())
        self.request.session.flush()
        return redirect(self.success_url)
