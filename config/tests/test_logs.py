"""Log lines."""

import logging
import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from config.logs import OneLineFilter


def format_message(message, *arguments):
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)
    assert OneLineFilter().filter(record)
    return record.getMessage()


@given(text=st.text())
def test_log_line_contains_no_control_character(text):
    line = format_message("Not Found: %s", text)

    assert len(f"{line}x".splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/a\r\n2030-01-01 INFO forged", "/a\\x0d\\x0a2030-01-01 INFO forged"),
        ("\x1b[2Jx", "\\x1b[2Jx"),
        ("\0", "\\x00"),
        ("a\u2028b", "a\\u2028b"),
        ("100% %s", "100% %s"),
        ("Zoë", "Zoë"),
    ],
)
def test_request_cannot_forge_a_log_line(text, expected):
    assert format_message("Not Found: %s", text) == f"Not Found: {expected}"


def test_every_handler_uses_the_one_line_filter():
    handlers = settings.LOGGING["handlers"]

    assert handlers
    assert all("one_line" in handler["filters"] for handler in handlers.values())


def test_line_break_in_a_path_is_escaped_in_the_log(client, db, caplog):
    client.get("/nowhere/%0d%0a2030-01-01%20forged%1b[2J")

    (message,) = [message for message in caplog.messages if "nowhere" in message]
    assert len(message.splitlines()) == 1
    assert "\x1b" not in message
