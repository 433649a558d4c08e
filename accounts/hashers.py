"""Password hashing."""

import threading
import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.validators import PASSWORD_MAX_LENGTH

# Characters of a password before it is normalized, which takes quadratic time for combining characters.
MAX_UNNORMALIZED = 4 * PASSWORD_MAX_LENGTH

# A hash takes about 20 ms of CPU time. The limit leaves threads for other pages while a whole class signs in.
_slots = threading.BoundedSemaphore(2)


def normalize_password(password: str) -> str:
    """Return `password` in Unicode normal form C: keyboards send "ä" as one or as two characters."""
    return unicodedata.normalize("NFC", password)


def password_variants(password: str) -> list[str]:
    """Return the texts that may have been hashed when the user set `password`, [] if it is too long to be correct.

    New hashes are of the first. Older hashes are of what the browser sent.
    """
    if len(password) > MAX_UNNORMALIZED:
        return []
    return list(dict.fromkeys([normalize_password(password), password, unicodedata.normalize("NFD", password)]))


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: the first choice of the OWASP Password Storage Cheat Sheet.

    Passwords are normalized. At most two threads of a process hash at the same time; others wait.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with _slots:
            return super().encode(normalize_password(password), salt)

    def verify(self, password, encoded):
        with _slots:
            return super().verify(password, encoded)
