"""What a log line may hold."""

import logging

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: "\\u2028", 0x2029: "\\u2029"}


class OneLineFilter(logging.Filter):
    """Write control characters as escapes, so that what somebody sent cannot forge a line or move a terminal.

    What a sent request did wrong is one line; where the site itself failed, the traceback follows.
    """

    def filter(self, record):
        if record.levelno < logging.ERROR or record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
        record.msg = record.getMessage().translate(_CONTROLS)
        record.args = ()
        return True
