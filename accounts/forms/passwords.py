"""Forms that change or reset a password."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PASSWORD_MISMATCH, WRONG_PASSWORD, ErrorMessagesMixin
from accounts.models import User
from accounts.text import NewPasswordField


class SetPasswordForm(ErrorMessagesMixin, auth_forms.SetPasswordForm):
    """Set a new password after following a reset link."""

    error_messages = PASSWORD_MISMATCH

    new_password1 = NewPasswordField(label=_("New password"), help_text=_("At least 10 characters."))
    new_password2 = NewPasswordField(label=_("Repeat new password"))


class PasswordChangeForm(SetPasswordForm, auth_forms.PasswordChangeForm):
    error_messages = PASSWORD_MISMATCH | {"password_incorrect": WRONG_PASSWORD}

    old_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class PasswordResetForm(ErrorMessagesMixin, auth_forms.PasswordResetForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")

    def get_users(self, email):
        """Return the active user with this email address, even if they have no usable password."""
        return User.objects.active().filter(email=User.objects.normalize_email(email))
