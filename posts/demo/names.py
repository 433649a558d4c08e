"""Names of fictional people, in many languages and scripts, and their usernames."""

import itertools
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from accounts.validators import fold_username, is_reserved
from posts.demo.texts import TEXTS

# Letters that Unicode does not decompose into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "þ": "th",
     "Þ": "Th", "ð": "d", "ə": "e", "Ə": "E", "œ": "oe", "'": "", "’": "", " ": "", "-": ""}
)  # fmt: skip
MIN_LENGTH, MAX_LENGTH = 3, 20  # of usernames
TITLES = {"women": ("ms", "ms", "mrs", "dr", "mx"), "men": ("mr", "mr", "mr", "dr", "mx")}  # of teachers
BRITISH_SHARE = 0.3  # of all names, in addition to their share of the languages
NON_LATIN_SHARE = 0.45  # of the names that have a spelling in another script


class Name(NamedTuple):
    """A name as displayed, and in ASCII letters for a username. `titles` are the titles of a teacher with this name."""

    first: str
    last: str
    ascii_first: str
    ascii_last: str
    titles: tuple[str, ...] = ("mx",)


def to_ascii(text: str) -> str:
    """Return `text` without accents, spaces or punctuation, or "" if it has no Latin letters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def draw_name(rng: Random) -> Name:
    """Return a random name. Most names are British or Irish, and the other languages are equally likely."""
    language, is_latin = rng.choice(_LANGUAGES[:2] if rng.random() < BRITISH_SHARE else _LANGUAGES)
    kind = rng.choice(("women", "men"))
    (first, ascii_first), (last, ascii_last) = rng.choice(language[kind]), rng.choice(language["last"])
    if not is_latin and rng.random() > NON_LATIN_SHARE:
        first, last = ascii_first, ascii_last
    return Name(first, last, ascii_first, ascii_last, TITLES[kind])


def _parse_latin(names):
    return [(name, to_ascii(name)) for name in names.split()]


def _parse_other(names):
    return [tuple(name.split()) for name in names]


_LANGUAGES = [
    ({kind: parse(names) for kind, names in language.items()}, parse is _parse_latin)
    for parse, languages in ((_parse_latin, TEXTS["names"]), (_parse_other, TEXTS["names_in_other_scripts"]))
    for language in languages
]


class Usernames:
    """Generates valid usernames that do not look alike."""

    def __init__(self, taken: Iterable[str] = ()):
        self._taken = {fold_username(name) for name in taken}
        # The next numbers for each name: 20,000 students share a few thousand names.
        self._numbers = defaultdict(lambda: itertools.count(2))

    def for_student(self, rng: Random, name: Name) -> str:
        """Return a username such as a student might choose."""
        return self.claim(rng.choice(_student_patterns(rng, name)))

    def for_teacher(self, rng: Random, name: Name) -> str:
        """Return a username with a title, such as "ms.hale"."""
        return self.claim(f"{rng.choice(name.titles)}.{name.ascii_last.lower()}")

    def claim(self, wanted: str) -> str:
        """Return `wanted`, or the first free variant with a number if it is taken, reserved or too short."""
        base = wanted[:MAX_LENGTH].rstrip("._-") or "pupil"
        numbered = (f"{base[: MAX_LENGTH - len(str(number))]}{number}" for number in self._numbers[base.lower()])
        username = next(name for name in itertools.chain([base], numbered) if self._is_free(name))
        self._taken.add(fold_username(username))
        return username

    def _is_free(self, username):
        is_taken = fold_username(username) in self._taken or is_reserved(username)
        return len(username) >= MIN_LENGTH and not is_taken


def _student_patterns(rng, name):
    first, last = name.ascii_first.lower(), name.ascii_last.lower()
    year = rng.randint(8, 16)
    return (
        f"{first}.{last}", f"{first}.{last}", f"{first}{last[:1]}", f"{first}_{last[:1]}", f"{first[:1]}.{last}",
        f"{first}{year:02}", f"{first}-{last[:3]}", name.ascii_first, f"{last}.{first}", f"{first}{last}",
    )  # fmt: skip
