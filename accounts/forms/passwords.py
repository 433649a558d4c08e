"""Forms that change or reset a password."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import (
    PASSWORD_MISMATCH,
    STRONG_PASSWORD,
    WRONG_PASSWORD,
    ErrorMessagesMixin,
    NewPasswordMixin,
    ThrottledMixin,
    check_own_password,
)
from accounts.models import User
from accounts.models.throttle import Kind
from accounts.text import NewPasswordField
from accounts.throttling import address_counter, counter, reserve


class SetPasswordForm(ErrorMessagesMixin, NewPasswordMixin, auth_forms.SetPasswordForm):
    """Set a new password after following a reset link."""

    error_messages = PASSWORD_MISMATCH

    new_password1 = NewPasswordField(label=_("New password"), help_text=STRONG_PASSWORD, shows_rules=True)
    new_password2 = NewPasswordField(label=_("Repeat new password"))

    def clean(self):
        """Reject the old password if another person has seen it."""
        cleaned = super().clean()
        # Only without other errors: a user who does not know the old password could guess it here.
        if self.user.must_change_password and not self.errors and self.user.check_password(cleaned["new_password1"]):
            message = _("Choose a password that is different from the current one.")
            self.add_error("new_password1", ValidationError(message, code="same_password"))
        return cleaned

    def password_hash(self) -> str:
        """Return the hash of the new password. It takes half a second, so call it before the transaction."""
        return make_password(self.cleaned_data["new_password1"])


class PasswordChangeForm(ThrottledMixin, SetPasswordForm, auth_forms.PasswordChangeForm):
    old_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not check_own_password(self.user, password):
            raise ValidationError(WRONG_PASSWORD, code="password_incorrect")
        return password


class PasswordResetForm(ThrottledMixin, ErrorMessagesMixin, auth_forms.PasswordResetForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["email"].label = _("Email address")

    def clean_email(self):
        """Count all requests, because success would reveal the account."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        # No account has such an address. MariaDB ignores accents, but the counter does not.
        if not email.isascii():
            raise ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        user = User.objects.active().filter(email=email).first()
        username = user.username if user else ""
        reserve(counter(Kind.RESET, email, username=username), address_counter(self.request))
        return email
