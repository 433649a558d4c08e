"""Rules for what people choose: names, addresses, passwords."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

USERNAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{2,19}"

# Names that an address, a role or a trick could be mistaken for.
RESERVED_USERNAMES = frozenset(
    """account accounts admin administrator all api avatars channel common everyone former head healthz help here
    home homeroom info login logout mail media mod moderator news new noreply notifications null office password
    popover postmaster posts readyz register root room rooms school security someone staff static student students
    support system teacher teachers theme undefined user users webmaster""".split()
)
FORMER_PREFIX = "former-"

validate_username = RegexValidator(
    rf"\A{USERNAME_PATTERN}\Z",
    _("Use 3 to 20 letters (a–z), digits, dots, hyphens or underscores, beginning with a letter or digit."),
    code="invalid_username",
)


def validate_username_is_free_to_take(value):
    """Refuse names that the site keeps for itself, whatever their case."""
    name = value.lower()
    if name in RESERVED_USERNAMES or name.startswith(FORMER_PREFIX):
        raise ValidationError(_("This username is reserved. Please choose another."), code="reserved_username")


validate_ascii = RegexValidator(
    re.compile(r"\A[\x21-\x7e]*\Z"),
    _("Use an email address in plain letters (ASCII), without spaces or accents."),
    code="non_ascii_email",
)


@deconstructible
class MaximumLengthValidator:
    """Refuse passwords longer than `max_length` characters, so that no request can make hashing a burden."""

    def __init__(self, max_length=128):
        self.max_length = max_length

    def validate(self, password, user=None):
        """Raise ValidationError (`password_too_long`) when `password` is too long."""
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self):
        """Return the rule in one sentence."""
        return ngettext(
            "Your password may have %(max_length)d character at most.",
            "Your password may have %(max_length)d characters at most.",
            self.max_length,
        ) % {"max_length": self.max_length}
