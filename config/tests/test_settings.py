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


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("ALLOWED_HOSTS", "*", "Set SITE_URL, because ALLOWED_HOSTS is *."),
        ("SECRET_KEY", "x" * 31, "SECRET_KEY must be a random string of 32 or more characters"),
    ],
)
def test_site_does_not_start_with_unsafe_settings(run_code, name, value, problem):
    result = run_code("import config.settings", **PRODUCTION | {name: value})

    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Homeroom cannot start: {problem}")


def test_server_does_not_use_debug_by_default(run_code):
    result = run_code("import config.wsgi", SECRET_KEY="", ALLOWED_HOSTS="")

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
        ("HTTPS", " Off ", "HTTPS", False),
        ("HTTPS", "off", "SESSION_COOKIE_SECURE", False),
        ("HTTPS", "on", "SESSION_COOKIE_NAME", "__Host-sessionid"),
        ("HTTPS", "on", "CSRF_COOKIE_NAME", "__Host-csrftoken"),
        ("HTTPS", "off", "SESSION_COOKIE_NAME", "sessionid"),
        ("X", "", "SESSION_COOKIE_SECURE", True),
        ("X", "", "SECURE_SSL_REDIRECT", True),
        ("X", "", "SECURE_HSTS_SECONDS", 31536000),
        ("X", "", "SECURE_HSTS_PRELOAD", False),
        ("HSTS_PRELOAD", "on", "SECURE_HSTS_PRELOAD", True),
        ("ALLOWED_HOSTS", "a.example,b.example", "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ("ALLOWED_HOSTS", " a.example , .b.example,[::1], ", "ALLOWED_HOSTS", ["a.example", ".b.example", "[::1]"]),
        ("ALLOWED_HOSTS", "a.example., .b.example.", "ALLOWED_HOSTS", ["a.example", ".b.example"]),
        ("ALLOWED_HOSTS", "a.example.", "SITE_URL", "https://a.example"),
        (
            "CSRF_TRUSTED_ORIGINS",
            "https://a:8443, http://*.b",
            "CSRF_TRUSTED_ORIGINS",
            ["https://a:8443", "http://*.b"],
        ),
        ("X", "", "SITE_URL", "https://school.example"),
        ("SITE_URL", "http://127.0.0.1:8001/", "SITE_URL", "http://127.0.0.1:8001"),
        ("POST_MAX_LENGTH", "280", "POST_MAX_LENGTH", 280),
        ("X", "", "POSTS_PER_MINUTE", 30),
        ("POSTS_PER_MINUTE", "0", "POSTS_PER_MINUTE", 0),
        ("SCHOOL_NAME", "$chool", "SCHOOL_NAME", "$chool"),
        ("TIME_ZONE", "Asia/Kolkata", "TIME_ZONE", "Asia/Kolkata"),
        ("LOG_LEVEL", "warning", "LOGGING['loggers']['django']['level']", "WARNING"),
        ("DATABASE_URL", "postgres://u:p%40ss@%2FRun%2Fpg/db", "DATABASES['default']['HOST']", "/Run/pg"),
        ("DATABASE_URL", "postgres://u:p%40ss@%2FRun%2Fpg:5433/db", "DATABASES['default']['PORT']", 5433),
        ("DATABASE_URL", "mysql://u:p%40ss@db.example/name", "DATABASES['default']['PASSWORD']", "p@ss"),
        ("EMAIL_URL", "smtp+tls://me:pw@mail.example:587", "EMAIL_USE_TLS", True),
        ("EMAIL_URL", "smtp+ssl://me:pw@mail.example", "EMAIL_USE_SSL", True),
        ("EMAIL_URL", "smtp+ssl://me:pw@mail.example:466", "EMAIL_PORT", 466),
        ("EMAIL_URL", "smtp+ssl://me:pw@mail.example", "EMAIL_PORT", 465),
        ("EMAIL_URL", "smtp+tls://me:pw@mail.example", "EMAIL_PORT", 587),
        ("EMAIL_URL", "smtps://me:pw@mail.example", "EMAIL_PORT", 587),
        ("EMAIL_URL", "smtp://mail.example", "EMAIL_PORT", 25),
    ],
)
def test_environment_variable_changes_the_setting(run_code, name, value, setting, expected):
    code = f"from django.conf import settings; print(repr(settings.{setting}))"

    result = run_code(code, DJANGO_SETTINGS_MODULE="config.settings", **PRODUCTION | {name: value})

    assert result.stdout.strip() == repr(expected), result.stderr


@pytest.mark.guarantee("settings")
@pytest.mark.parametrize(
    ("name", "values"),
    {
        "DEBUG": ["", "maybe", "2", "on off"],
        "HTTPS": ["", "enabled", "none"],
        "BEHIND_TLS_PROXY": ["y e s"],
        "HSTS_PRELOAD": ["enable"],
        "ALLOWED_HOSTS": ["https://secret.example", "secret.example/", "a b", "secret.example:80", "secret;example"],
        "CSRF_TRUSTED_ORIGINS": [
            "secret.example",
            "https://secret.example/path",
            "ftp://secret.example",
            "https://secret.example:99999",
        ],
        "SITE_URL": [
            "",
            "secret.example",
            "https://secret.example/path",
            "javascript:alert(1)",
            "https://a,https://b",
            "https://secret.example:65536",
            "https://secret.example:0",
        ],
        "LIVE_POLL_SECONDS": ["", "0", "-1", "nan", "inf", "secret"],
        "THREADS": ["0", "-3", "1.5", "", "secret", "9999999999"],
        "CONN_MAX_AGE": ["-1", "secret"],
        "POST_MAX_LENGTH": ["secret", "-5", "0", "", "1e3"],
        "POSTS_PER_PAGE": ["0", "-1", "secret"],
        "POLL_SECONDS": ["0", "-1", "secret"],
        "TIME_ZONE": [
            "",
            "Secret/Place",
            "../etc/passwd",
            "/etc/localtime",
            "\udcff",
            "localtime",
            "posixrules",
            "right/UTC",
        ],
        "DATABASE_URL": [
            "",
            "secret",
            "oracle://secret",
            "sqlite://",
            "postgres://",
            "mysql://u:secret@[::1/x",
            "x://y/z",
            "postgres://u:secret@host:port/name",
            "sqlite:////secret/missing.sqlite3",
            "sqlite:////tmp",
        ],
        "EMAIL_URL": [
            "",
            "secret",
            "gopher://secret",
            "smtp://secret:port",
            "smtp://",
            "smtp+tls://u:secret@",
            "filemail:///tmp/secret",
            "memorymail://",
            "dummymail://secret:1",
        ],
        "DEFAULT_FROM_EMAIL": ["", "secret", "a@b <c", "Secret <a@b>, <c@d>"],
        "MEDIA_ROOT": ["", "secret/media", __file__, f"{__file__}/secret/media"],
        "LOG_LEVEL": ["", "LOUD", "30"],
        "SCHOOL_NAME": ["\udcff", "Secret\nSchool", "Secret\x1b[31m"],
    }.items(),
)
def test_value_that_is_not_valid_stops_the_start_with_one_line(run_code, name, values):
    for value in values:
        result = run_code("import config.settings", **PRODUCTION | {name: value})

        assert result.returncode == 1, value
        (line,) = result.stderr.splitlines()
        assert name in line
        assert "secret" not in line.lower()


@pytest.mark.parametrize(
    "url",
    [
        "postgres://u:secret@127.0.0.1:1/name",
        "postgres://u:secret@127.0.0.1:1/name?unknown=1",
        "mysql://u:secret@127.0.0.1:1/name",
        "mysql://u:secret@127.0.0.1:1/name?unknown=1",
        "sqlite:////etc/passwd",
        "sqlite:////proc/x.sqlite3",
    ],
)
def test_database_that_cannot_be_opened_stops_a_command_with_one_line(run, url):
    result = run("manage.py", "migrate", **PRODUCTION | {"DATABASE_URL": url})

    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Homeroom cannot start: The database in DATABASE_URL cannot be opened: ")
    assert "secret" not in line


def environment_variables():
    """Return the names of the variables that settings.py reads from the environment."""
    tree = ast.parse((project.BASE_DIR / "config" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    of_env = [call for call in calls if getattr(call.func.value, "id", "") == "env" and call.args]
    names = {call.args[0].value for call in of_env if isinstance(call.args[0], ast.Constant)}
    return {name for name in names if re.fullmatch("[A-Z_]+", name)}


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
