"""Initial passwords, which are printed on cards and typed by pupils."""

import secrets
from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User

WORDS = 4


@cache
def words() -> tuple[str, ...]:
    """Return more than 1,024 short words, so that each of them contributes 10 bits.

    They have no capital letters, digits or homophones, so that pupils can read and type them without mistakes.
    """
    return tuple(Path(__file__).with_name("words.txt").read_text().split())


def new_password(user: User) -> str:
    """Return a random password for `user`: four words with hyphens (40 bits). Guessing is throttled."""
    while True:
        password = "-".join(secrets.choice(words()) for _ in range(WORDS))
        try:
            validate_password(password, user)
        except ValidationError:
            continue  # it is similar to the name or the email address, by chance
        return password
