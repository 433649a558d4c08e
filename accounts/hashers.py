from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: the OWASP Password Storage Cheat Sheet's first choice."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
