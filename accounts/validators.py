"""Validators for usernames, email addresses and passwords."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

TOO_LONG = _("Use at most %(limit_value)d characters.")
TOO_SHORT = _("Use at least %(limit_value)d characters.")

# Older usernames may end in punctuation.
USERNAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{1,18}[A-Za-z0-9]"
_LOOKALIKES = str.maketrans("01i", "oll", "._-")

# Names that could be confused with URLs, roles or system accounts.
RESERVED_USERNAMES = frozenset(
    """account accounts admin administrator all api avatars channel common everyone former head healthz help here
    home homeroom info login logout mail media mod moderator news new noreply notifications null office password
    popover postmaster posts readyz register root room rooms school security someone staff static student students
    support system teacher teachers theme undefined user users webmaster""".split()
)
FORMER_PREFIX = "former-"

validate_username = RegexValidator(
    rf"\A{USERNAME_PATTERN}\Z",
    _("Use 3 to 20 letters (a–z), digits, dots, hyphens or underscores. Start and end with a letter or digit."),
    code="invalid_username",
)


def fold_username(username: str) -> str:
    """Return a key that is equal for usernames that look alike: case, 0 and o, 1, l and i, and punctuation."""
    return username.lower().translate(_LOOKALIKES)


# Shorter names would exclude first names: "ali" looks like "all".
_RESERVED_KEYS = frozenset(fold_username(name) for name in RESERVED_USERNAMES if len(name) > 4)


def is_reserved(username: str) -> bool:
    """Return whether a name is reserved, ignoring case, or looks like a reserved name, such as "adm1n"."""
    key = username.lower()
    return key in RESERVED_USERNAMES or fold_username(key) in _RESERVED_KEYS or key.startswith(FORMER_PREFIX)


def validate_username_not_reserved(value):
    if is_reserved(value):
        raise ValidationError(_("This username is reserved. Please choose another."), code="reserved_username")


validate_ascii = RegexValidator(
    re.compile(r"\A[\x21-\x7e]*\Z"),
    _("Use an email address without accented letters or spaces."),
    code="non_ascii_email",
)


@deconstructible
class MaximumLengthValidator:
    """Reject passwords longer than `max_length` characters, because they are slow to hash."""

    def __init__(self, max_length=128):
        self.max_length = max_length

    def validate(self, password, user=None):
        """Raise ValidationError (`password_too_long`) if `password` is too long."""
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self):
        return ngettext(
            "Use at most %(max_length)d character.",
            "Use at most %(max_length)d characters.",
            self.max_length,
        ) % {"max_length": self.max_length}
