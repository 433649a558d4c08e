"""Forms that change or reset a password."""

from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import limit_password
from accounts.models import User


class PasswordChangeForm(auth_forms.PasswordChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            limit_password(self.fields[name])
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")


class SetPasswordForm(auth_forms.SetPasswordForm):
    """Set a new password after following a reset link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields:
            limit_password(self.fields[name])
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")


class PasswordResetForm(auth_forms.PasswordResetForm):
    def get_users(self, email):
        """Return the active user with this email address, even if they have no usable password."""
        return User.objects.active().filter(email=User.objects.normalize_email(email))
