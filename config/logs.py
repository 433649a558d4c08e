"""Log filters."""

import logging
import re
import unicodedata

MAX_LENGTH = 2000  # characters of a message


class OneLineFilter(logging.Filter):
    """Escape and shorten messages, so that a request can neither forge a log line nor fill the log.

    Control and format characters, which start lines, send terminal codes or change the direction of text, are escaped.
    Tracebacks of invalid requests are dropped; tracebacks of errors in the site remain.
    """

    def filter(self, record):
        if record.levelno < logging.ERROR or record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        message = record.getMessage()
        if len(message) > MAX_LENGTH:
            message = f"{message[:MAX_LENGTH]}…"
        record.msg = re.sub(r"[^ -~]", _escape, message)
        record.args = ()
        return True


def _escape(match):
    """Return a character, escaped if it is a control, format or separator character or a surrogate."""
    character = match[0]
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character.encode("unicode_escape").decode("ascii")
    return character
