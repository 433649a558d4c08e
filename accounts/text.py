"""Cleaning of submitted text, and form fields that clean their text before it is validated."""

import re
import unicodedata

from django import forms

from accounts.hashers import MAX_UNNORMALIZED, normalize_password
from accounts.validators import PASSWORD_MAX_LENGTH, TOO_LONG

# Control characters (except the line feed) and bidirectional formatting characters, which can disguise a text.
# U+200C and U+200D are allowed, because Persian and emoji need them.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Whitespace, the characters that Unicode calls "default ignorable", and signs that fonts draw as a blank.
_BLANK = (
    "\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U00013441\U00013442\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{_BLANK}]*")
_MANY_BLANK_LINES = re.compile(f"\n(?:(?:(?!\n)[{_BLANK}])*+\n){{2,}}")
MAX_MARKS = 4  # combining marks on one letter; no script in use needs more


def clean_text(value):
    """Return `value` in Unicode normal form C, stripped, with line feeds only and without control characters.

    The result can be stored in every database. It is empty if `value` contains only invisible characters. Lone
    surrogates become U+FFFD, and each letter has at most MAX_MARKS combining marks.
    """
    value = _SURROGATE.sub("\ufffd", value)
    value = _LINE_ENDS.sub("\n", value).replace("\t", " ")
    # Also limit the marks before normalisation, which takes quadratic time for many marks on one letter.
    value = _limit_marks(_UNWANTED.sub("", value), 4 * MAX_MARKS)
    value = _limit_marks(unicodedata.normalize("NFC", value), MAX_MARKS).strip()
    value = _MANY_BLANK_LINES.sub("\n\n", value)
    return "" if _INVISIBLE.fullmatch(value) else value


def clean_line(value):
    """Return `value` cleaned by `clean_text`, with each run of whitespace replaced by one space."""
    return " ".join(clean_text(value).split())


def isolate(value):
    """Return `value` in characters that isolate its direction from a text in another language around it."""
    return f"\u2068{value}\u2069"


def read_id(text):
    """Return `text` as an integer, or None if it cannot be the id of a row: 1 to 18 ASCII digits."""
    return int(text) if len(text) < 19 and text.isascii() and text.isdigit() else None


def _limit_marks(value, limit):
    if value.isascii():
        return value
    characters, marks = [], 0
    for character in value:
        marks = marks + 1 if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= limit:
            characters.append(character)
    return "".join(characters)


class CleanedTextField(forms.CharField):
    """Base class, with a short message for texts that are too long. `clean_value` cleans the text."""

    default_error_messages = {"max_length": TOO_LONG}
    # A longer text is validated before it is cleaned, because cleaning two megabytes takes half a second of CPU time.
    # The longest valid post is 10,000 letters with four combining marks each.
    max_uncleaned = 50_000  # characters

    def to_python(self, value):
        value = super().to_python(value) or ""
        if len(value) > self.max_uncleaned:
            self.run_validators(value)
        return self.clean_value(value)


class LineField(CleanedTextField):
    clean_value = staticmethod(clean_line)


class TextField(CleanedTextField):
    """Text with line breaks. Each line break counts as one character, although browsers submit two."""

    widget = forms.Textarea
    clean_value = staticmethod(clean_text)


class NewPasswordField(CleanedTextField):
    """A new password, normalized before its length is counted. With `shows_rules`, the page lists its rules."""

    max_uncleaned = MAX_UNNORMALIZED
    clean_value = staticmethod(normalize_password)

    def __init__(self, *, shows_rules=False, **options):
        self.shows_rules = shows_rules
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=PASSWORD_MAX_LENGTH, widget=widget, **options)

    def widget_attrs(self, widget):
        # Not `maxlength`: browsers would cut off a long password without an error.
        return {}
