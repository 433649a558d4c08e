"""Refusals of operations on accounts."""

from django.utils.translation import gettext_lazy as _

from config.refusals import Refusal


class AccountInactive(Refusal):
    message = _("This account has been deactivated or deleted.")


class MustChangePassword(Refusal):
    message = _("Choose a new password before you continue.")


class PasswordChanged(Refusal):
    message = _("Your password was changed in the meantime. Sign in again.")


class NotStaff(Refusal):
    message = _("You don't have permission to do this.")


class LastAdministrator(Refusal):
    message = _("The site needs at least one active administrator. Make another user an administrator first.")
