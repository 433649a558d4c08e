"""What the environment may say, and how the site starts."""

import ast
import logging
import os
import re
import secrets
import shutil
import subprocess
import sys

import pytest
from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as st

from config.logs import OneLineFilter

REAL = {"SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "school.example", "DEBUG": "off"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that runs Python in the project with an environment and no other.

    In a copy of the project: what somebody's own `.env` says would count for all that the environment leaves open.
    """
    folder = tmp_path_factory.mktemp("copy") / "homeroom"
    shutil.copytree(project.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "media"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=kept | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize(
    "start",
    [
        ["manage.py", "check"],
        ["manage.py", "runserver", "--noreload", "127.0.0.1:1"],
        ["manage.py", "migrate"],
        ["-c", "import config.asgi"],
        ["-c", "import config.wsgi"],
    ],
    ids=" ".join,
)
def test_a_real_site_never_starts_half_configured(run, start, missing):
    ran = run(*start, **REAL | {missing: ""})

    assert ran.returncode != 0
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert missing in line
    assert "Traceback" not in line


def test_a_server_is_never_in_debug_by_default(run):
    ran = run("-c", "import config.wsgi", SECRET_KEY="", ALLOWED_HOSTS="")

    assert ran.returncode != 0
    assert len(ran.stderr.splitlines()) == 1


def test_the_deployment_check_is_silent_for_a_real_site(run):
    ran = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **REAL)

    assert ran.returncode == 0, ran.stderr
    assert "no issues" in ran.stdout
    assert "(0 silenced)" in ran.stdout
    assert ran.stderr == ""


def test_removed_settings_give_one_warning_and_no_failure(run):
    leftover = {"REDIS_URL": "redis://127.0.0.1:6379/0", "LIVE_DIR": "/run/homeroom", "WRITE_THREADS": "4"}

    ran = run("manage.py", "check", **REAL | leftover)

    assert ran.returncode == 0
    assert ran.stderr.count("WARNING") == ran.stderr.count("homeroom.W001") == 1
    assert all(name in ran.stderr for name in leftover)


@pytest.mark.parametrize(
    ("name", "value", "setting", "becomes"),
    [
        ("DEBUG", "on", "DEBUG", True),
        ("DEBUG", "off", "DEBUG", False),
        ("DEBUG", "", "DEBUG", False),
        ("DEBUG", "maybe", "DEBUG", False),
        ("HTTPS", "off", "SESSION_COOKIE_SECURE", False),
        ("X", "", "SESSION_COOKIE_SECURE", True),
        ("X", "", "SECURE_SSL_REDIRECT", True),
        ("X", "", "SECURE_HSTS_SECONDS", 31536000),
        ("ALLOWED_HOSTS", "a.example,b.example", "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ("POST_MAX_LENGTH", "280", "POST_MAX_LENGTH", 280),
        ("EMAIL_URL", "smtp+tls://me:pw@mail.example:587", "EMAIL_USE_TLS", True),
    ],
)
def test_the_environment_sets_it(run, name, value, setting, becomes):
    code = f"from django.conf import settings; print(repr(settings.{setting}))"

    ran = run("-c", code, DJANGO_SETTINGS_MODULE="config.settings", **REAL | {name: value})

    assert ran.stdout.strip() == repr(becomes), ran.stderr


def knobs():
    """Return the names that settings.py reads from the environment."""
    tree = ast.parse((project.BASE_DIR / "config" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    of_env = [call for call in calls if getattr(call.func.value, "id", "") == "env" and call.args]
    return {call.args[0].value for call in of_env if isinstance(call.args[0], ast.Constant)}


def test_the_example_lists_every_setting_and_no_other():
    example = (project.BASE_DIR / ".env.example").read_text()

    listed = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE)

    assert len(knobs()) > 15
    assert len(listed) == len(set(listed))
    assert set(listed) == knobs()


def test_the_example_starts_no_site_as_it_is():
    example = (project.BASE_DIR / ".env.example").read_text()

    active = re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE)

    assert all(value == "" for _name, value in active)


# --- Log lines ---


def logged(message, *arguments):
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)
    assert OneLineFilter().filter(record)
    return record.getMessage()


@given(text=st.text())
def test_a_log_line_holds_no_control_character(text):
    line = logged("Not Found: %s", text)

    assert len(f"{line}x".splitlines()) == 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029]", line)


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("/a\r\n2030-01-01 INFO forged", "/a\\x0d\\x0a2030-01-01 INFO forged"),
        ("\x1b[2Jx", "\\x1b[2Jx"),
        ("\0", "\\x00"),
        ("a\u2028b", "a\\u2028b"),
        ("100% %s", "100% %s"),
        ("Zoë", "Zoë"),
    ],
)
def test_what_somebody_sent_cannot_forge_a_log_line(sent, written):
    assert logged("Not Found: %s", sent) == f"Not Found: {written}"


def test_every_handler_writes_one_line_for_a_record():
    handlers = project.LOGGING["handlers"]

    assert handlers
    assert all("one_line" in handler["filters"] for handler in handlers.values())


def test_a_path_with_lines_in_it_is_one_line_in_the_log(client, db, caplog):
    client.get("/nowhere/%0d%0a2030-01-01%20forged%1b[2J")

    (message,) = [message for message in caplog.messages if "nowhere" in message]
    assert len(message.splitlines()) == 1
    assert "\x1b" not in message
