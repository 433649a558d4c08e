"""Validators for usernames, email addresses and passwords."""

import re

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

TOO_LONG = _("Use at most %(limit_value)d characters.")
TOO_SHORT = _("Use at least %(limit_value)d characters.")
PASSWORD_MAX_LENGTH = 128  # characters; long passwords are slow to hash

# Older usernames may end in punctuation.
USERNAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{1,18}[A-Za-z0-9]"
_PUNCTUATION = re.compile("[._-]")
_LOOKALIKES = str.maketrans("01i345", "olleas")

# Names that could be confused with URLs, roles or system accounts.
RESERVED_USERNAMES = frozenset(
    """account accounts admin administrator all api avatars channel common everyone former head healthz help here
    home homeroom info login logout mail media mod moderator news new noreply notifications null office password
    popover postmaster posts readyz register root room rooms school security someone staff static student students
    support system teacher teachers theme undefined user users webmaster""".split()
)
FORMER_PREFIX = "former"  # before a hyphen and the id of a closed account

validate_username = RegexValidator(
    rf"\A{USERNAME_PATTERN}\Z",
    _("Use letters (a–z) and digits, at least 3 characters. Dots, hyphens and underscores can be between them."),
    code="invalid_username",
)


def fold_username(username: str) -> str:
    """Return a key that ignores case, punctuation and the differences o/0, l/1/i, e/3, a/4, s/5, m/rn, d/cl, w/vv."""
    key = _PUNCTUATION.sub("", username.lower())
    return key.replace("rn", "m").replace("cl", "d").replace("vv", "w").translate(_LOOKALIKES)


_RESERVED_KEYS = {fold_username(name): len(name) for name in RESERVED_USERNAMES}


def is_reserved(username: str) -> bool:
    """Return whether a name is reserved, ignoring case, or looks like a reserved name, such as "adm1n"."""
    key = username.lower()
    prefix, *rest = _PUNCTUATION.split(key, maxsplit=1)
    # First names and surnames can look like short names: "ali" like "all", and "horne" like "home".
    min_length = 5 if key.isalpha() else 3
    is_lookalike = _RESERVED_KEYS.get(fold_username(key), 0) >= min_length
    return key in RESERVED_USERNAMES or is_lookalike or (bool(rest) and fold_username(prefix) == FORMER_PREFIX)


def validate_username_not_reserved(value):
    if is_reserved(value):
        raise ValidationError(_("This username is reserved. Choose another one."), code="reserved_username")


validate_ascii = RegexValidator(
    re.compile(r"\A[\x21-\x7e]*\Z"),
    _("Use an email address without accented letters or spaces."),
    code="non_ascii_email",
)


def validate_year(value):
    if not 2000 <= value.year <= 2100:  # the first and the last year cannot be converted to every time zone
        raise ValidationError(_("Use a date from 2000 to 2100."), code="invalid_year")


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    def get_error_message(self):
        return TOO_SHORT % {"limit_value": self.min_length}


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    def get_error_message(self):
        return _("Choose a less common password.")


class UserAttributeSimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return _("Choose a password that is less similar to the %(verbose_name)s.")
