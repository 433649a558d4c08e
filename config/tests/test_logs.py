"""Log lines."""

import logging
import unicodedata

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from config.logs import MAX_LENGTH, OneLineFilter


def format_message(message, *arguments):
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)
    assert OneLineFilter().filter(record)
    return record.getMessage()


@given(text=st.text())
def test_log_line_contains_no_control_character(text):
    line = format_message("Not Found: %s", text)

    assert len(f"{line}x".splitlines()) == 1
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a\r\n2030-01-01 INFO forged", "/a\\r\\n2030-01-01 INFO forged"),
        ("\x1b[2Jx", "\\x1b[2Jx"),
        ("\0", "\\x00"),
        ("a\u2028b", "a\\u2028b"),
        ("exe.\u202egnp", "exe.\\u202egnp"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u200b\ufeffb", "a\\u200b\\ufeffb"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("100% %s", "100% %s"),
        ("Zoë", "Zoë"),
    ],
)
def test_request_cannot_forge_a_log_line(text, expected):
    assert format_message("Not Found: %s", text) == f"Not Found: {expected}"


def test_long_message_is_shortened():
    assert len(format_message("Not Found: %s", "x" * 100_000)) == MAX_LENGTH + 1


def test_every_handler_uses_the_one_line_filter():
    handlers = settings.LOGGING["handlers"]

    assert handlers
    assert all("one_line" in handler["filters"] for handler in handlers.values())


def test_path_that_does_not_exist_is_not_logged(client, db, caplog):
    client.get("/nowhere/%0d%0a2030-01-01%20forged%1b[2J")

    assert [message for message in caplog.messages if "Not Found" in message] == ["Not Found: unknown address"]
