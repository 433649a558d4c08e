"""Properties of the reader of class lists for any file, and its running time."""

from time import thread_time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.text import clean_line
from posts.class_lists import MAX_BYTES, MAX_ROWS, Row, decode, parse, write

WORDS = ["kim", "Kim Lund", "Lund, Kim", "username", "Name", "email", "k@s.example", "=1+1", "@SUM(A1)", "é", "😀"]
SEPARATORS = [",", ";", "\t", '"', '""', "\n", "\r\n", "\r", "sep=;", " ", "\u2028", "\x0b", "\0", "\ufeff"]
pieces = st.sampled_from(WORDS + SEPARATORS)
texts = st.one_of(st.text(), st.lists(pieces, max_size=40).map("".join))
files = st.one_of(
    st.binary(),
    st.tuples(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])).map(
        lambda pair: pair[0].encode(pair[1], "surrogatepass")
    ),
    texts.map(lambda text: text.encode("cp1252", "replace")),
)
lines = texts.map(clean_line)


def read(text):
    """Return the rows of a list, or [] if it is rejected with a message."""
    try:
        rows = parse(decode(text) if isinstance(text, bytes) else text)
    except ValidationError as error:
        rows = []
        assert error.messages  # noqa: PT017
    else:
        assert 0 < len(rows) <= MAX_ROWS
    return rows


@given(files | texts)
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example("\ud800".encode("utf-16-le", "surrogatepass"))
def test_any_file_and_any_text_is_read_or_rejected(text):
    rows = read(text)

    assert [row.line for row in rows] == sorted({row.line for row in rows})


@given(st.lists(st.tuples(lines, lines, lines, lines).filter(any), min_size=1, max_size=20))
def test_cleaned_rows_survive_writing_and_reading(values):
    rows = [Row(number, *cells) for number, cells in enumerate(values, start=2)]

    assert parse(write(rows)) == rows


LARGE = {
    "quotes": '"' * MAX_BYTES,
    "pairs of quotes": '"",' * (MAX_BYTES // 3),
    "separators": "," * MAX_BYTES,
    "blank lines": "\n" * MAX_BYTES,
    "blank cells": (" ," * 40 + "\n") * (MAX_BYTES // 81),
    "carriage returns": "\r" * MAX_BYTES,
    "one cell": "x" * MAX_BYTES,
    "20,000 rows": "kim.lund,Kim Lund,kim@school.example\n" * 20_000,
    "long cells": ("x" * 1000 + "\n") * 1000,
    "long names": ("kim," + "a\u0301" * 480 + "\n") * 1000,
    "marks": ("kim," + "\u0301" * 900 + "\n") * 1000,
    "unbalanced quotes": 'kim,"Kim\n' * 50_000,
    "header": "username," * (MAX_BYTES // 9),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_list_takes_a_second_at_most(text):
    data, start = text.encode(), thread_time()

    read(data)

    assert thread_time() - start < 1
