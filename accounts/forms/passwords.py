"""Passwords."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PASSWORD_MAX_LENGTH, calm_helper
from accounts.models import User


class PasswordChangeForm(auth_forms.PasswordChangeForm):
    """A new password, given the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")
        self.helper = calm_helper(_("Change password"), *self.fields)


class SetPasswordForm(auth_forms.SetPasswordForm):
    """A new password for somebody who followed the link in their mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")
        self.helper = calm_helper(_("Set new password"), *self.fields)


class PasswordResetForm(auth_forms.PasswordResetForm):
    """The address to which a link for a new password goes, if somebody has it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = calm_helper(_("Send the link"), *self.fields)

    def get_users(self, email):
        """Yield the active person who has this address, also one without a password as yet."""
        return User.objects.active().filter(email=User.objects.normalize_email(email))
