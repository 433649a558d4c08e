"""Cleaning of submitted text."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from django import forms
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.text import MAX_MARKS, LineField, TextField, clean_line, clean_text

# Characters and combinations that Hypothesis rarely generates.
MALFORMED = st.sampled_from(
    [
        "\0",
        "\r",
        "\n",
        "\r\n",
        "\t",
        "\x0b",
        "\x0c",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\ud800",
        "\udfff",
        "\ud83d\ude00",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u200b",
        "\u200c",
        "\u200d",
        "\ufeff",
        "\u061c",
        "\u0301",
        "\u0301" * 9,
        "e\u0301",
        "\u1100\u1161",
        "\u0344",
        "\u0340",
        "\u2126",
        "\ufb01",
        "\u3000",
        "\u00a0",
        "\u00ad",
        "\u20e3",
        "\U000e0041",
        "👨‍👩‍👧",
        "می‌خواهم",
        "a",
        "@",
        " ",
        "\n\n\n\n",
        "\u0f73",
        "\u0958",
        "\u0dda",
    ]
)
ANYTHING = st.lists(st.text() | st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Me", "Zs"]) | MALFORMED).map("".join)
# Also read by posts/tests/js/clean-text.test.mjs, because the composer counts the characters of the cleaned text.
CLEANED = json.loads(Path(__file__).with_name("clean_text.json").read_text())
CLEANERS = pytest.mark.parametrize("clean", [clean_text, clean_line])


@CLEANERS
@given(text=ANYTHING)
@example("\u0301" * 100)
@example("a\n \n \n \n \nb")
@example("\ud83d\ude00")
def test_cleaned_text_can_be_stored_in_every_database(clean, text):
    cleaned = clean(text)

    assert cleaned == cleaned.strip()
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    allowed = "" if clean is clean_line else "\n"
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") and c not in allowed]
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")


@CLEANERS
@given(text=ANYTHING)
def test_cleaning_is_idempotent(clean, text):
    assert clean(clean(text)) == clean(text)


@given(text=ANYTHING)
def test_combining_marks_are_limited(text):
    marks = 0
    for character in unicodedata.normalize("NFD", clean_text(text)):
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        # A composed letter decomposes into up to three more marks.
        assert marks <= MAX_MARKS + 3


@given(text=ANYTHING)
@pytest.mark.parametrize("field", [LineField(max_length=40, required=False), TextField(max_length=200, required=False)])
def test_field_cleans_or_rejects_any_text(field, text):
    try:
        cleaned = field.clean(text)
    except forms.ValidationError:
        return

    assert len(cleaned) <= field.max_length
    assert field.clean(cleaned) == cleaned


@given(text=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
def test_printable_ascii_is_unchanged(text):
    assert clean_text(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u2800",
        "\u2800\n\u2800\u200d",
        "\U0001d159",
        "\U0001d173\U0001bca0",
        "\uffa0\u17b4",
        "\n\n",
        "\0",
        "\u200b",
        "\u200b\u200c\u200d\u2060",
        "\ufeff",
        "\u202e",
        "\u00ad",
        "\u3164",
        "\u115f\u1160",
        "\U000e0041",
        "\ufe0f",
        "\u2063",
        "\t\r\n",
        "\u00a0\u3000",
        "\u180e",
        "\u034f",
    ],
    ids=ascii,
)
@CLEANERS
def test_invisible_text_is_empty(clean, text):
    assert clean(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "❤️",
        "1️⃣",
        "می‌خواهم",
        "क्‍ष",
        "Żółć",
        "李娜",
        "été",
        "naïve",
        "שלום",
        "العربية",
        "á̱",
        "ẫ̱",
        "Zürich – “Elm”…",
        "a\u00a0b",
        "ภาษาไทย",
        "தமிழ்",
        "한국어",
        "\U0001f1e9\U0001f1ea",
        "±½∑",
    ],
)
def test_text_in_many_scripts_is_unchanged(text):
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(("text", "expected"), CLEANED, ids=ascii)
def test_clean_text(text, expected):
    assert clean_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(" a  b\nc\u3000d\u00a0e ", "a b c d e"), ("a\r\nBcc: x", "a Bcc: x"), ("a\u2028b", "a b")]
)
def test_clean_line(text, expected):
    assert clean_line(text) == expected


@pytest.mark.parametrize("unit", ["\n ", "\n  x", " \u200b", "\n\n", "\n\u2800x"])
def test_cleaning_blank_lines_takes_linear_time(unit):
    def seconds(number):
        text = "a" + unit * number + "b"
        start = time.process_time()
        clean_text(text)
        return time.process_time() - start

    assert min(seconds(80_000) for _ in range(3)) < 24 * max(min(seconds(10_000) for _ in range(3)), 0.001)


@pytest.mark.parametrize("mark", ["\u0301", "\u0327\u0301", "\U0001d165", "\u20dd"])
def test_cleaning_many_marks_takes_linear_time(mark):
    # Normalising takes quadratic time, so the marks are limited first. Eight times as many marks must take about eight
    # times as long, not sixty-four times.
    def seconds(number):
        text = "a" + mark * number
        start = time.process_time()
        assert len(clean_text(text)) <= 1 + MAX_MARKS
        return time.process_time() - start

    assert min(seconds(80_000) for _ in range(3)) < 24 * max(min(seconds(10_000) for _ in range(3)), 0.001)
