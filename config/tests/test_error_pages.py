"""Error pages and the log."""

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
from config.refusals import Throttled
from config.tests.http import request_asgi

USERS = [None, "student", "classmate", "pending_teacher", "teacher", "admin", "deactivated"]


def view_that_raises(error):
    @login_not_required
    def view(request):
        raise error

    return view


@pytest.fixture
def failing_urls(settings):
    """Add views that raise exceptions to the URLs of the site."""
    module = types.ModuleType("config.tests.broken_urls")
    module.urlpatterns = [
        path("break/400/", view_that_raises(BadRequest("{{ secret }}"))),
        path("break/suspicious/", view_that_raises(SuspiciousOperation("secret"))),
        path("break/403/", view_that_raises(PermissionDenied("Only on Mondays & <b>Fridays</b>."))),
        path("break/429/", view_that_raises(Throttled(200))),
        path("break/404/", view_that_raises(Http404("secret"))),
        path("break/500/", view_that_raises(ZeroDivisionError("secret"))),
        path("break/database/", view_that_raises(OperationalError("secret"))),
        path("", include("config.urls")),
    ]
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(module, name, getattr(project, name))
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


def client_for_user(request, user):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(request.getfixturevalue(user))
    return client


@pytest.mark.usefixtures("failing_urls")
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("400", 400, "There is a problem with this request"),
        ("suspicious", 400, "There is a problem with this request"),
        ("403", 403, "You don't have permission to do this"),
        ("429", 429, "Wait a moment, then try again"),
        ("404", 404, "Page not found, or you don't have access to it"),
        ("500", 500, "Something went wrong"),
        ("database", 503, "The site isn't available right now"),
    ],
)
def test_error_page_matches_site_and_has_working_links(request, db, name, status, heading, user):
    client = client_for_user(request, user)

    response = client.get(f"/break/{name}/")

    page = Page(response)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert [page.text(element) for element in page.root.iter("h1")] == [heading]
    assert page.by_class("wordmark")
    assert "secret" not in response.content.decode()
    assert "Traceback" not in response.content.decode()
    urls = [url for url in page.links() if url != f"/break/{name}/"]  # which "Try again" leads to
    assert urls
    for url in urls:
        assert client.get(url, follow=True).status_code == 200


@pytest.mark.usefixtures("failing_urls")
def test_reason_of_permission_error_is_escaped(request, student):
    response = client_for_user(request, "student").get("/break/403/")

    assert "Only on Mondays & <b>Fridays</b>." in Page(response).text()
    assert "<b>Fridays" not in response.content.decode()


@pytest.mark.usefixtures("failing_urls")
@pytest.mark.parametrize(("headers", "is_page"), [({}, True), ({"X-Requested-With": "fetch"}, False)])
def test_throttled_request_states_the_waiting_time(db, headers, is_page):
    response = Client().post("/break/429/", {"body": "My text"}, headers=headers)

    html = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (429, "200")
    assert "Too many attempts. Try again in 4 minutes." in html
    assert ("<html" in html, "My text" in html) == (is_page, is_page)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (240, "4 minutes")],
)
def test_waiting_time_is_rounded_up(seconds, text):
    assert str(Throttled(seconds)) == f"Too many attempts. Try again in {text}."


@pytest.mark.usefixtures("failing_urls")
def test_server_error_is_logged_with_traceback(request, db, caplog):
    client_for_user(request, None).get("/break/500/")

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info[0] is ZeroDivisionError


@pytest.mark.usefixtures("failing_urls")
@pytest.mark.parametrize("name", ["400", "500", "database"])
def test_error_pages_run_no_queries(name, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        Client(raise_request_exception=False).get(f"/break/{name}/")


@pytest.mark.parametrize("user", [None, "student"])
def test_csrf_error_page_preserves_text(request, db, user):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if user:
        client.force_login(request.getfixturevalue(user))
    url = "/rooms/common/" if user else "/login/"
    client.get(url)

    response = client.post(url, {"body": "What I wrote, <i>at length</i>."})

    page = Page(response)
    assert response.status_code == 403
    assert "This form has expired" in page.text()
    assert "What I wrote, <i>at length</i>." in page.text()
    assert url in page.links()
    assert page.by_class("wordmark")


@pytest.mark.parametrize("url", ["/login/", "/register/student/", "/password-reset/", "/theme/"])
def test_csrf_error_page_explains_that_cookies_are_off(db, url):
    response = Client(enforce_csrf_checks=True).post(url, {"body": "What I wrote"})

    text = Page(response).text()
    assert response.status_code == 403
    assert "Cookies are turned off" in text
    assert "Allow cookies for this site" in text
    assert "What I wrote" in text


@pytest.mark.parametrize("host", [b"10.0.0.5:8000", b"other.example", b"a_b", b""])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_respond_for_any_host(client, transactional_db, path, host):
    status, headers, text = request_asgi(path, headers=[(b"host", host)])

    assert (status, text, headers[b"cache-control"]) == (200, "ok\n", b"no-store")
    assert client.get("/login/", headers={"host": "other.example"}).status_code == 400


@pytest.mark.parametrize("url", ["/login/", "/nowhere/", "/account/"])
def test_responses_are_not_stored(client, student, url):
    client.force_login(student)

    assert "no-store" in client.get(url).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/logout/", "/notifications/read/", "/theme/", "/rooms/common/read/"])
def test_get_request_to_post_url_returns_405_with_link(client_for, student, path):
    response = client_for(student).get(path)

    page = response.content.decode()
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "You can't open this page directly" in page
    assert 'href="/home/"' in page


def test_log_filter_removes_traceback_of_warnings_only():
    error = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "failing_urls", (), (ValueError, ValueError(), None)
    )
    warning = logging.LogRecord("django.request", logging.WARNING, "", 0, "no", (), (ValueError, ValueError(), None))

    OneLineFilter().filter(error)
    OneLineFilter().filter(warning)

    assert error.exc_info
    assert warning.exc_info is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"abcd", "multipart/form-data"),
        (b"&".join(b"a=%d" % number for number in range(600)), "application/x-www-form-urlencoded"),
        (b"body=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.django_db
def test_broken_body_at_an_unknown_address_returns_404(client, body, content_type):
    client.raise_request_exception = False

    assert client.post("/no/such/page/", body, content_type=content_type).status_code in (400, 404)
