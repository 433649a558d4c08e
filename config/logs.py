"""Log lines: a request id in each, and neither personal data nor text that could forge a line.

Paths, queries, and messages of errors that may contain what users typed are left out. Loggers must not be passed names,
email addresses, IP addresses, session keys or texts of users.
"""

import logging
import re
import traceback
import unicodedata
from contextvars import ContextVar

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, InternalError, OperationalError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.urls import Resolver404, resolve

from config.outages import is_outage

MAX_LENGTH = 2000  # characters of a message
MAX_CAUSES = 10  # errors in a traceback

# The id of the current request, which error pages show, or "-". Set for each request by `config.asgi`.
request_id = ContextVar("request_id", default="-")

# Errors with messages about code, the machine or the database. Others may contain a value, such as the key of an
# IntegrityError or the argument of a ValueError.
_DESCRIBED = (
    ArithmeticError,
    AttributeError,
    ImportError,
    ImproperlyConfigured,
    InterfaceError,
    InternalError,
    MemoryError,
    NameError,
    OperationalError,
    OSError,
    RuntimeError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
)


class OneLineFilter(logging.Filter):
    """Add the request id to messages, and escape and shorten them, so that a request cannot forge or fill the log.

    The path of a request is replaced by the pattern of its URL. Control and format characters, which start lines, send
    terminal codes or change the direction of text, are escaped. Tracebacks of invalid requests and outages are dropped;
    tracebacks of errors in the site remain.
    """

    def filter(self, record):
        record.request_id = request_id.get()
        message = record.getMessage()
        # Django escapes paths that it logs.
        path = getattr(getattr(record, "request", None), "path", "").encode("unicode_escape").decode("ascii")
        if path and message.endswith(path):
            message = re.sub(r"(https?://[^/\s]+)/\S*", r"\1/…", message.removesuffix(path)) + _pattern(record.request)
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            message = f"{message} ({describe(error)})"
        if record.levelno < logging.ERROR or record.name.startswith("django.security") or is_outage(error):
            record.exc_info = record.exc_text = None
        if len(message) > MAX_LENGTH:
            message = f"{message[:MAX_LENGTH]}…"
        record.msg = re.sub(r"[^ -~]", _escape, message)
        record.args = ()
        return True


class LineFormatter(logging.Formatter):
    """Format tracebacks without messages that may contain personal data, and start each line with the request id."""

    def format(self, record):
        return super().format(record).replace("\n", f"\n{record.request_id} ")

    def formatException(self, exc_info):
        errors = [exc_info[1]]
        while len(errors) < MAX_CAUSES:
            error = errors[-1].__cause__ or (not errors[-1].__suppress_context__ and errors[-1].__context__)
            if not error:
                break
            errors.append(error)
        lines = ["Traceback (most recent call last):\n"]
        for error in reversed(errors):
            lines += [*traceback.format_tb(error.__traceback__), f"{describe(error)}\n"]
        return "".join(lines).rstrip()


def describe(error: BaseException) -> str:
    """Return the type of an error, and the first line of its message if that contains no personal data."""
    name = type(error).__name__
    message = str(error).partition("\n")[0] if isinstance(error, _DESCRIBED) else ""
    return f"{name}: {message}" if message else name


def _pattern(request):
    """Return the pattern of a request's URL, because its path may contain a username or a token."""
    try:
        return f"/{resolve(request.path_info).route}"
    except Resolver404:
        return "unknown address"


def _escape(match):
    """Return a character, escaped if it is a control, format or separator character or a surrogate."""
    character = match[0]
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character.encode("unicode_escape").decode("ascii")
    return character
