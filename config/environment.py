"""Reads settings from the environment and `.env`. A value that is not valid ends the process with one line.

Each reader returns the parsed value of a variable, or of the default if it is not set. No message contains a value,
which may be a password.
"""

import io
import os
import re
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from environ import Env

BOOLEANS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
DATABASES = ("sqlite3", "postgresql", "mysql")
MAIL_PORTS = {"consolemail": None, "smtp": 25, "smtp+tls": 587, "smtps": 587, "smtp+ssl": 465}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LINE = re.compile(r"""(#.*|(export )?[A-Za-z_][A-Za-z0-9_]*=(?:'[^\0]*'|"[^\0]*"|[^\0'"][^\0]*|))?""")
_HOST = r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SENDER = re.compile(r"[^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+")


def exit_with_error(problem: str) -> None:
    """Exit with a one-line message instead of a traceback."""
    sys.exit(f"Homeroom cannot start: {problem} (.env.example lists every setting.)")


def read_file(path: Path) -> None:
    """Add the variables of a `.env` file, if it exists, to the environment, which takes precedence."""
    if not os.path.lexists(path):
        return
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except OSError as error:
        exit_with_error(f"{path.name} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        exit_with_error(f"{path.name} is not a text in UTF-8.")
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line):
            exit_with_error(f"Line {number} of {path.name} is neither NAME=value nor a comment, or lacks a quote.")
    Env.read_env(io.StringIO("\n".join(lines)))


def reader(expected: str) -> Callable:
    """Turn a function that parses a text into a reader. `expected` describes the texts for which it does not raise."""

    def decorate(parse):
        @wraps(parse)
        def read(name, default, **options):
            value = Env.ENVIRON.get(name, default)
            if not isinstance(value, str):
                return value
            try:
                value.encode()  # fails for bytes that are not UTF-8
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    return parse(value.strip(), **options)
            except Exception:  # the parsers of libraries raise many kinds
                exit_with_error(f"{name} must be {expected.format_map(options)}.")

        return read

    return decorate


@reader("one line of text")
def text(value):
    if _CONTROL.search(value):
        raise ValueError
    return value


@reader("on or off")
def boolean(value):
    return BOOLEANS[value.lower()]


@reader("a number from {minimum} to {maximum}")
def number(value, *, minimum, maximum):
    parsed = type(minimum)(value)
    if not minimum <= parsed <= maximum:
        raise ValueError
    return parsed


@reader("host names without https://, separated by commas")
def hosts(value):
    # Django compares names without the dot of a complete domain name.
    return [host.removesuffix(".") for host in _split(value, rf"\*|\.?{_HOST}")]


@reader("addresses such as https://school.example:8443, separated by commas")
def origins(value):
    return _split(value, rf"https?://(?:\*\.)?{_HOST}(?::\d+)?")


@reader("an address such as https://homeroom.school.example")
def site_url(value):
    (url,) = _split(value.removesuffix("/"), rf"https?://{_HOST}(?::\d+)?")
    return url


@reader("a time zone such as Europe/London")
def time_zone(value):
    if value.partition("/")[0] in ("localtime", "posixrules", "posix", "right"):  # files beside the time zones
        raise ValueError
    return ZoneInfo(value).key


@reader("one of " + ", ".join(LOG_LEVELS))
def log_level(value):
    return LOG_LEVELS[LOG_LEVELS.index(value.upper())]


@reader("the absolute path of a folder")
def folder(value):
    path = Path(value)
    if not path.is_absolute() or any(part.is_file() for part in (path, *path.parents)):
        raise ValueError
    return path


@reader("an email address, such as School <homeroom@school.example>")
def sender(value):
    if not _SENDER.fullmatch(value) or not value.isprintable():
        raise ValueError
    return value


@reader("consolemail:// or the URL of a mail server, such as smtp+tls://user:password@host")
def email(value):
    config, port = Env.email_url_config(value), MAIL_PORTS[urlsplit(value).scheme]
    if port and not config["EMAIL_HOST"]:
        raise ValueError
    return config | {"EMAIL_PORT": config["EMAIL_PORT"] or port}


@reader("the URL of a PostgreSQL or MySQL database, or of a SQLite file in an existing folder")
def database(value):
    config = Env.db_url_config(value)
    engine, name = config["ENGINE"].rpartition(".")[2], config["NAME"]
    if engine not in DATABASES or name in ("", ":memory:"):
        raise ValueError
    if engine == "sqlite3" and (Path(name).is_dir() or not Path(name).parent.is_dir()):
        raise ValueError
    # The folder of a socket, such as %2Frun%2Fpostgresql, which the library leaves encoded.
    host = urlsplit(value).netloc.rpartition("@")[2].partition(":")[0]
    return config | ({"HOST": unquote(host)} if "%2f" in host.lower() else {})


def _split(value, pattern):
    items = [item.strip() for item in value.split(",") if item.strip()]
    # `port` raises ValueError if it is higher than 65535.
    if not all(re.fullmatch(pattern, item) and urlsplit(item).port != 0 for item in items):
        raise ValueError
    return items
