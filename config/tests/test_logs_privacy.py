"""Log lines contain a request id, and no personal data."""

import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import path

from accounts.models import User
from accounts.tests.factories import StudentFactory
from config.logs import LineFormatter, OneLineFilter, describe
from config.tests.http import request_asgi
from config.urls import handler500  # noqa: F401

SECRET = "sam@school.example"


@login_not_required
def fail(request, username):
    """Cause a real error of the database, whose message contains an email address on PostgreSQL and MariaDB."""
    try:
        User.objects.filter(username="kim").update(email=SECRET)
    except IntegrityError as error:
        raise ValueError(f"invalid: {SECRET}") from error


urlpatterns = [path("fail/<username>/", fail)]


@pytest.fixture
def lines():
    """Collect the lines that the site writes to its log."""

    class Collector(logging.Handler):
        def emit(self, record):
            found.append(self.format(record))

    found = []
    handler = Collector()
    handler.addFilter(OneLineFilter())
    handler.setFormatter(LineFormatter("{levelname} {request_id} {message}", style="{"))
    logging.getLogger("django").addHandler(handler)
    yield found
    logging.getLogger("django").removeHandler(handler)


@pytest.fixture
def failing_view(settings):
    settings.ROOT_URLCONF = __name__


def test_traceback_contains_no_personal_data(transactional_db, failing_view, lines):
    StudentFactory(email=SECRET)
    StudentFactory(username="kim")

    response = Client(raise_request_exception=False).get("/fail/kim/?q=secret")

    (text,) = lines
    assert response.status_code == 500
    assert text.startswith("ERROR - Internal Server Error: /fail/<username>/\n")
    assert "in fail" in text
    assert "IntegrityError" in text
    assert "ValueError" in text
    for secret in (SECRET, "/kim", "secret", "Key ("):
        assert secret not in text.replace("{SECRET}", "").replace("SECRET", "")


@pytest.mark.parametrize("url", ["/users/nobody.here/", "/users/nobody.here/?q=secret", "/posts/1/?q=nobody.here"])
def test_path_and_query_are_not_logged(client, student, lines, url):
    client.force_login(student)

    assert client.get(url).status_code == 404

    (line,) = lines
    assert "Not Found: /" in line
    assert "nobody" not in line
    assert "secret" not in line


def test_referer_is_not_logged(student, lines):
    client = Client(enforce_csrf_checks=True)
    headers = {"referer": "https://other.example/users/nobody.here/?q=secret"}

    assert client.post("/login/", {}, headers=headers, secure=True).status_code == 403

    (line,) = lines
    assert "https://other.example/" in line
    assert "nobody" not in line


def test_each_line_of_a_request_starts_with_its_id(transactional_db, failing_view, lines):
    StudentFactory(email=SECRET)
    StudentFactory(username="kim")

    pages = [request_asgi("/fail/kim/")[2] for _request in range(2)]

    ids = [text.split()[1] for text in lines]
    assert len(set(ids)) == 2
    for request, text, page in zip(ids, lines, pages, strict=True):
        assert len(request) == 8
        assert all(line.startswith(f"{request} ") for line in text.splitlines()[1:])
        assert f"Reference: {request}" in page


def test_errors_of_the_machine_are_described():
    assert describe(OperationalError("connection refused\nDETAIL: secret")) == "OperationalError: connection refused"
    assert describe(FileNotFoundError(2, "No such file")) == "FileNotFoundError: [Errno 2] No such file"
    assert describe(IntegrityError("Key (email)=(secret)")) == "IntegrityError"
