"""Usernames for the people of a demo school."""

from accounts.validators import FORMER_PREFIX, RESERVED_USERNAMES


def _student_forms(rng, name):
    first, last = name.plain_first.lower(), name.plain_last.lower()
    year = rng.randint(8, 16)
    return (
        f"{first}.{last}", f"{first}.{last}", f"{first}{last[:1]}", f"{first}_{last[:1]}", f"{first[:1]}.{last}",
        f"{first}{year:02}", f"{first}-{last[:3]}", name.plain_first, f"{last}.{first}", f"{first}{last}",
    )  # fmt: skip


def _teacher_forms(rng, name):
    title = rng.choice(("ms", "mr", "mrs", "mx", "dr", "ms", "mr"))
    return (f"{title}.{name.plain_last.lower()}",)


class Usernames:
    """Hands out usernames that fit the rules, each once, whatever its case."""

    def __init__(self, taken=()):
        self._taken = {name.lower() for name in taken}
        self._next = {}

    def claim(self, wanted):
        """Return `wanted` or, when that is taken, reserved or too short, the first of its kind with a number."""
        base = wanted[:20].rstrip("._-") or "pupil"
        key = base.lower()
        if len(base) >= 3 and self._is_free(key):
            self._taken.add(key)
            return base
        # Counting goes on from where the last namesake stopped: 20,000 pupils share a few thousand names.
        number = self._next.get(key, 2)
        while True:
            candidate = f"{base[: 20 - len(str(number))]}{number}"
            number += 1
            if len(candidate) >= 3 and self._is_free(candidate.lower()):
                self._next[key] = number
                self._taken.add(candidate.lower())
                return candidate

    def for_student(self, rng, name):
        """Return a username as pupils choose them."""
        return self.claim(rng.choice(_student_forms(rng, name)))

    def for_teacher(self, rng, name):
        """Return a username as teachers are given them."""
        return self.claim(rng.choice(_teacher_forms(rng, name)))

    def _is_free(self, key):
        return key not in self._taken and key not in RESERVED_USERNAMES and not key.startswith(FORMER_PREFIX)
