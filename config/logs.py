"""Log filters."""

import logging

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: "\\u2028", 0x2029: "\\u2029"}


class OneLineFilter(logging.Filter):
    """Escape control characters, so that a request can neither forge a log line nor send terminal codes.

    Tracebacks of invalid requests are dropped; tracebacks of errors in the site remain.
    """

    def filter(self, record):
        if record.levelno < logging.ERROR or record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        record.msg = record.getMessage().translate(_CONTROLS)
        record.args = ()
        return True
