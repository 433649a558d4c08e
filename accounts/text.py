"""Text as people type it, brought into one form before it is checked, counted or stored."""

import re
import unicodedata

# Controls (but for the line feed), and the marks that reorder what follows them: both can make a text look like
# another one. U+200C and U+200D stay: Persian and emoji need them.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)
_MANY_BLANK_LINES = re.compile("\n{3,}")
MAX_MARKS = 4  # combining marks on one letter; no script that is written needs more


def clean_text(value):
    """Return `value` in normal form C with plain line feeds, without controls and without piles of marks.

    Takes any string, also with lone surrogates; returns one that every database stores, stripped of white space
    at both ends, and empty when nothing in it can be seen.
    """
    value = _SURROGATE.sub("\ufffd", value)
    value = _LINE_ENDS.sub("\n", value).replace("\t", " ")
    # Limited before it is normalised too: putting a long pile of marks in order takes quadratic time.
    value = _limit_marks(_UNWANTED.sub("", value), 4 * MAX_MARKS)
    value = _limit_marks(unicodedata.normalize("NFC", value), MAX_MARKS).strip()
    value = _MANY_BLANK_LINES.sub("\n\n", value)
    return value if _INVISIBLE.sub("", value) else ""


def clean_line(value):
    """Return `value` as `clean_text` does, on one line, with runs of white space as one space."""
    return " ".join(clean_text(value).split())


def read_id(text):
    """Return the id of a row that `text` writes in digits, or None when it writes none that a database has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _limit_marks(value, most):
    if value.isascii():
        return value
    kept, marks = [], 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= most:
            kept.append(character)
    return "".join(kept)
