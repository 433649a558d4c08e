"""The sign-in form."""

import logging

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ErrorMessagesMixin, ThrottledMixin
from accounts.models import User
from accounts.throttling import reserve, sign_in_counters
from config.refusals import Throttled

logger = logging.getLogger("homeroom.security")


class LoginForm(ThrottledMixin, ErrorMessagesMixin, auth_forms.AuthenticationForm):
    """Sign in by username or email address. With `role`, users with another role get the generic error."""

    username = auth_forms.UsernameField(
        label=_("Username or email"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autofocus": True}),
    )
    remember_me = forms.BooleanField(label=_("Remember me on this device for 30 days"), required=False)
    shared_device = forms.BooleanField(
        label=_("This is a shared device"),
        required=False,
        help_text=_("You will be signed out after 20 minutes without activity, and when the browser closes."),
    )

    error_messages = {"invalid_login": _("Invalid username or password.")}

    def __init__(self, *args, role=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["username"].widget.attrs["maxlength"] = 254
        if self.initial.get("username"):
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean(self):
        """Check the password. Each failure is logged, without the username, which may be a password."""
        login = self.cleaned_data.get("username")
        if not login or not self.cleaned_data.get("password"):
            return self.cleaned_data
        self.account = User.objects.find_by_login(login)
        try:
            attempt = reserve(*sign_in_counters(self.request, login, self.account))
            if attempt.must_fail:
                # Takes the same time as for an unknown user.
                authenticate(self.request, username="", password=self.cleaned_data["password"])
                raise self.get_invalid_login_error()
            cleaned = super().clean()
        except (Throttled, ValidationError) as error:
            self.log_failure("Too many attempts to sign in" if isinstance(error, Throttled) else "Failed sign-in")
            raise
        attempt.refund()
        return cleaned

    def log_failure(self, text="Failed sign-in"):
        logger.warning("%s as %s", text, f"user {self.account.pk}" if self.account else "an unknown user")

    def get_invalid_login_error(self):
        return ValidationError(self.error_messages["invalid_login"], code="invalid_login")

    def confirm_login_allowed(self, user):
        """Reject inactive users and users whose role does not match this page, with the generic error."""
        if not user.is_active or (self.role and user.role != self.role):
            raise self.get_invalid_login_error()
