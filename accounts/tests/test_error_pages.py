"""Pages that say that something is wrong look like the site, and show a way on that works."""

import logging
import sys
import types

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.urls import include, path

from accounts.tests.helpers import Page
from config import urls as project
from config.logs import OneLineFilter

PEOPLE = [None, "student", "classmate", "pending_teacher", "teacher", "admin", "deactivated"]


def raising(problem):
    @login_not_required
    def view(request):
        raise problem

    return view


@pytest.fixture
def broken(settings):
    """Put views that raise beside the site's own."""
    module = types.ModuleType("accounts.tests.broken_urls")
    module.urlpatterns = [
        path("break/400/", raising(BadRequest("{{ secret }}"))),
        path("break/suspicious/", raising(SuspiciousOperation("secret"))),
        path("break/403/", raising(PermissionDenied("Only on Mondays & <b>Fridays</b>."))),
        path("break/404/", raising(Http404("secret"))),
        path("break/500/", raising(ZeroDivisionError("secret"))),
        path("break/database/", raising(OperationalError("secret"))),
        path("", include("config.urls")),
    ]
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(module, name, getattr(project, name))
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


def client_of(request, who):
    client = Client(raise_request_exception=False)
    if who:
        client.force_login(request.getfixturevalue(who))
    return client


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(
    ("what", "status", "heading"),
    [
        ("400", 400, "That was not understood"),
        ("suspicious", 400, "That was not understood"),
        ("403", 403, "This is not yours to do"),
        ("404", 404, "There is nothing here"),
        ("500", 500, "Something broke on our side"),
        ("database", 500, "Something broke on our side"),
    ],
)
def test_an_error_looks_like_the_site_and_shows_a_way_on(request, db, what, status, heading, who):
    client = client_of(request, who)

    response = client.get(f"/break/{what}/")

    page = Page(response)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [page.text(element) for element in page.root.iter("h1")] == [heading]
    assert page.by_class("wordmark")
    assert "secret" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    ways = page.links()
    assert ways
    for way in ways:
        assert client.get(way, follow=True).status_code == 200


@pytest.mark.usefixtures("broken")
def test_a_refusal_gives_its_reason_as_text(request, student):
    response = client_of(request, "student").get("/break/403/")

    assert "Only on Mondays & <b>Fridays</b>." in Page(response).text()
    assert "<b>Fridays" not in response.content.decode()


@pytest.mark.usefixtures("broken")
def test_a_broken_page_is_in_the_log_with_its_traceback(request, db, caplog):
    client_of(request, None).get("/break/500/")

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info[0] is ZeroDivisionError


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("what", ["400", "500"])
def test_the_plainest_error_pages_ask_nothing_of_the_database(what, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        Client(raise_request_exception=False).get(f"/break/{what}/")


@pytest.mark.parametrize("who", [None, "student"])
def test_a_form_without_its_token_can_be_sent_again(request, db, who):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if who:
        client.force_login(request.getfixturevalue(who))
    address = "/rooms/common/" if who else "/login/"

    response = client.post(address, {"body": "What I wrote, <i>at length</i>."})

    page = Page(response)
    assert response.status_code == 403
    assert "Please send it again" in page.text()
    assert "What I wrote, <i>at length</i>." in page.text()
    assert address in page.links()
    assert page.by_class("wordmark")


@pytest.mark.parametrize("address", ["/login/", "/nowhere/", "/account/", "/healthz"])
def test_no_answer_is_kept_by_a_cache(client, student, address):
    client.force_login(student)

    assert "no-store" in client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/logout/", "/notifications/read/", "/theme/", "/rooms/common/read/"])
def test_an_address_that_only_takes_forms_shows_a_way_on(client_for, student, path):
    response = client_for(student).get(path)

    page = response.content.decode()
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "There is nothing to look at here" in page
    assert 'href="/home/"' in page


def test_what_a_visitor_did_wrong_is_one_line_and_what_the_site_did_wrong_keeps_its_traceback():
    ours = logging.LogRecord("django.request", logging.ERROR, "", 0, "broken", (), (ValueError, ValueError(), None))
    theirs = logging.LogRecord("django.request", logging.WARNING, "", 0, "no", (), (ValueError, ValueError(), None))

    OneLineFilter().filter(ours)
    OneLineFilter().filter(theirs)

    assert ours.exc_info
    assert theirs.exc_info is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"abcd", "multipart/form-data"),
        (b"&".join(b"a=%d" % number for number in range(600)), "application/x-www-form-urlencoded"),
        (b"body=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_broken_body_at_an_unknown_address_returns_404(client, body, content_type):
    client.raise_request_exception = False

    assert client.post("/no/such/page/", body, content_type=content_type).status_code in (400, 404)
