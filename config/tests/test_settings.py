"""Settings from the environment."""

import ast
import re

import pytest
from django.conf import settings as project

from config.tests.conftest import PRODUCTION


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
def test_site_does_not_start_without_required_settings(run, start, missing):
    result = run(*start, **PRODUCTION | {missing: ""})

    assert result.returncode != 0
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert missing in line
    assert "Traceback" not in line


def test_server_does_not_use_debug_by_default(run):
    result = run("-c", "import config.wsgi", SECRET_KEY="", ALLOWED_HOSTS="")

    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1


def test_deployment_check_finds_no_issues(run):
    result = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
    assert "(1 silenced)" in result.stdout  # HSTS preload is off by default
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("name", "value", "setting", "expected"),
    [
        ("DEBUG", "on", "DEBUG", True),
        ("DEBUG", "off", "DEBUG", False),
        ("DEBUG", "", "DEBUG", False),
        ("DEBUG", "maybe", "DEBUG", False),
        ("HTTPS", "off", "SESSION_COOKIE_SECURE", False),
        ("X", "", "SESSION_COOKIE_SECURE", True),
        ("X", "", "SECURE_SSL_REDIRECT", True),
        ("X", "", "SECURE_HSTS_SECONDS", 31536000),
        ("X", "", "SECURE_HSTS_PRELOAD", False),
        ("HSTS_PRELOAD", "on", "SECURE_HSTS_PRELOAD", True),
        ("ALLOWED_HOSTS", "a.example,b.example", "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ("POST_MAX_LENGTH", "280", "POST_MAX_LENGTH", 280),
        ("EMAIL_URL", "smtp+tls://me:pw@mail.example:587", "EMAIL_USE_TLS", True),
    ],
)
def test_environment_variable_changes_the_setting(run, name, value, setting, expected):
    code = f"from django.conf import settings; print(repr(settings.{setting}))"

    result = run("-c", code, DJANGO_SETTINGS_MODULE="config.settings", **PRODUCTION | {name: value})

    assert result.stdout.strip() == repr(expected), result.stderr


def environment_variables():
    """Return the names of the variables that settings.py reads from the environment."""
    tree = ast.parse((project.BASE_DIR / "config" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    of_env = [call for call in calls if getattr(call.func.value, "id", "") == "env" and call.args]
    return {call.args[0].value for call in of_env if isinstance(call.args[0], ast.Constant)}


def test_example_lists_exactly_the_variables_of_the_settings():
    example = (project.BASE_DIR / ".env.example").read_text()

    listed = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE)

    assert len(environment_variables()) > 15
    assert len(listed) == len(set(listed))
    assert set(listed) == environment_variables()


def test_example_sets_no_values():
    example = (project.BASE_DIR / ".env.example").read_text()

    active = re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE)

    assert all(value == "" for _name, value in active)
