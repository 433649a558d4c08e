"""Names of fictional people, in many languages and scripts."""

import unicodedata
from random import Random
from typing import NamedTuple

from posts.demo.texts import TEXTS

# Letters that Unicode does not decompose into an ASCII letter and an accent.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "þ": "th",
     "Þ": "Th", "ð": "d", "ə": "e", "Ə": "E", "œ": "oe", "'": "", "’": "", " ": "", "-": ""}
)  # fmt: skip
NON_LATIN_SHARE = 0.45  # of the names that have a spelling in another script


class Name(NamedTuple):
    """A name as displayed, and in ASCII letters for a username."""

    first: str
    last: str
    ascii_first: str
    ascii_last: str


def to_ascii(text: str) -> str:
    """Return `text` without accents, spaces or punctuation, or "" if it has no Latin letters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())


def draw_name(rng: Random) -> Name:
    """Return a random name. Each language is equally likely."""
    first_names, last_names, is_latin = rng.choice(_LANGUAGES)
    (first, ascii_first), (last, ascii_last) = rng.choice(first_names), rng.choice(last_names)
    if not is_latin and rng.random() > NON_LATIN_SHARE:
        first, last = ascii_first, ascii_last
    return Name(first, last, ascii_first, ascii_last)


def _parse_latin(names):
    return [(name, to_ascii(name)) for name in names.split()]


def _parse_other(names):
    return [tuple(name.split()) for name in names]


_LANGUAGES = [
    (parse(language["first"]), parse(language["last"]), parse is _parse_latin)
    for parse, languages in ((_parse_latin, TEXTS["names"]), (_parse_other, TEXTS["names_in_other_scripts"]))
    for language in languages
]
