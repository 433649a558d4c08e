"""The sign-in form."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ErrorMessagesMixin


class LoginForm(ErrorMessagesMixin, auth_forms.AuthenticationForm):
    """Sign in by username or email address. With `role`, users with another role get the generic error."""

    username = auth_forms.UsernameField(
        label=_("Username or email"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autofocus": True}),
    )
    remember_me = forms.BooleanField(label=_("Remember me on this device for 30 days"), required=False)

    error_messages = {"invalid_login": _("Invalid username or password.")}

    def __init__(self, *args, role=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["username"].widget.attrs["maxlength"] = 254

    def get_invalid_login_error(self):
        return ValidationError(self.error_messages["invalid_login"], code="invalid_login")

    def confirm_login_allowed(self, user):
        """Reject inactive users and users whose role does not match this page, with the generic error."""
        if not user.is_active or (self.role and user.role != self.role):
            raise self.get_invalid_login_error()
