"""Usernames for the users of a demo school."""

from collections.abc import Iterable
from random import Random

from accounts.validators import fold_username, is_reserved
from posts.demo.names import Name

MIN_LENGTH, MAX_LENGTH = 3, 20


class Usernames:
    """Generates valid usernames that do not look alike."""

    def __init__(self, taken: Iterable[str] = ()):
        self._taken = {fold_username(name) for name in taken}
        self._next_numbers: dict[str, int] = {}

    def for_student(self, rng: Random, name: Name) -> str:
        """Return a username such as a student might choose."""
        return self.claim(rng.choice(_student_patterns(rng, name)))

    def for_teacher(self, rng: Random, name: Name) -> str:
        """Return a username with a title, such as "ms.hale"."""
        title = rng.choice(("ms", "mr", "mrs", "mx", "dr", "ms", "mr"))
        return self.claim(f"{title}.{name.ascii_last.lower()}")

    def claim(self, wanted: str) -> str:
        """Return `wanted`, or the first free variant with a number if it is taken, reserved or too short."""
        base = wanted[:MAX_LENGTH].rstrip("._-") or "pupil"
        if len(base) >= MIN_LENGTH and self._is_free(base):
            self._taken.add(fold_username(base))
            return base
        # Continue from the last number for this name: 20,000 students share a few thousand names.
        number = self._next_numbers.get(base.lower(), 2)
        while True:
            candidate = f"{base[: MAX_LENGTH - len(str(number))]}{number}"
            number += 1
            if len(candidate) >= MIN_LENGTH and self._is_free(candidate):
                self._next_numbers[base.lower()] = number
                self._taken.add(fold_username(candidate))
                return candidate

    def _is_free(self, username):
        return fold_username(username) not in self._taken and not is_reserved(username)


def _student_patterns(rng, name):
    first, last = name.ascii_first.lower(), name.ascii_last.lower()
    year = rng.randint(8, 16)
    return (
        f"{first}.{last}", f"{first}.{last}", f"{first}{last[:1]}", f"{first}_{last[:1]}", f"{first[:1]}.{last}",
        f"{first}{year:02}", f"{first}-{last[:3]}", name.ascii_first, f"{last}.{first}", f"{first}{last}",
    )  # fmt: skip
