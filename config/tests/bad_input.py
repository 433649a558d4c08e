"""Helpers for tests of malformed input."""

from urllib.parse import urlencode

from django.conf import settings as project

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import registration_data

MALFORMED = {
    "empty": "",
    "nul": "\0",
    "nul inside": "sam\0",
    "surrogate": "\ud800",
    "5,000 digits": "9" * 5000,
    "huge number": "99999999999999999999",
    "negative": "-1",
    "no number": "abc",
    "nan": "nan",
    "fraction": "1e400",
    "other digits": "٣٤",
    "superscript": "²",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n",
    "bidi": "\u202egnp\u2066",
    "zero width": "\u200b\u200d\ufeff",
    "pile": "Z" + "\u0301" * 3000,
    "emoji": "👨‍👩‍👧" * 100,
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "format": "%s%n%(x)s{0}",
    "sql": "' OR 1=1; DROP TABLE accounts_user; --",
    "wildcards": "%_\\",
    "path": "../../../etc/passwd",
    "long": "x" * 100_000,
    "non-characters": "\uffff\ufffe\U0010ffff",
}

FORMS = {
    "/register/student/": registration_data(first_name="Robin", next="/"),
    "/register/teacher/": registration_data(invitation="x"),
    "/login/": {"username": "sam", "password": PASSWORD, "remember_me": "on", "next": "/"},
    "/login/teacher/": {"username": "sam", "password": PASSWORD, "next": "/"},
    "/password-reset/": {"email": "sam@school.example"},
    "/theme/": {"theme": "dark", "text_size": "115", "spacing": "wide", "next": "/"},
    "/logout/": {"x": "y"},
}

ACCOUNT_FORMS = {
    "/account/": {
        "first_name": "Sam",
        "last_name": "O",
        "email": "sam@school.example",
        "location": "Elm",
        "description": "",
        "remove_avatar": "",
        "avatar": "",
        "current_password": "",
    },
    "/account/password/": {"old_password": PASSWORD, "new_password1": "a", "new_password2": "b"},
    "/account/sessions/": {"session": "x"},
    "/account/delete/": {"password": "x", "understood": "on"},
    "/rooms/join/": {"code": "x"},
}


def assert_no_server_error(response, *allowed):
    """Assert that the response is not a server error and reveals nothing. `allowed` limits its status further."""
    assert response.status_code < 500
    assert not allowed or response.status_code in allowed
    if not response.streaming and not response.headers.get("Content-Encoding"):
        text = response.content.decode()
        assert "Traceback" not in text
        assert project.SECRET_KEY not in text
        assert "<script>alert" not in text
    for name, value in response.headers.items():
        assert not set("\r\n\0") & {*name, *value}


def post_form(client, url, fields):
    """Submit a form whose values may be bytes, which the test client would treat as lists."""
    return client.post(url, urlencode(fields), content_type="application/x-www-form-urlencoded")


def malformed_values():
    """Return the malformed values as bytes, because a lone surrogate cannot be sent as text."""
    return [text.encode("utf-8", "surrogatepass") for text in MALFORMED.values()]
