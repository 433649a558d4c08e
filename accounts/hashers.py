"""Password hashing."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# A hash takes about 20 ms of CPU time. The limit leaves threads for other pages while a whole class signs in.
_slots = threading.BoundedSemaphore(2)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: the first choice of the OWASP Password Storage Cheat Sheet.

    At most two threads of a process hash at the same time; others wait.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

    def encode(self, password, salt):
        with _slots:
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _slots:
            return super().verify(password, encoded)
