"""Response headers: one setting defines them for every response."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.tests.helpers import sign_in
from config.middleware import ResponseHeadersMiddleware
from config.server.pages import TOO_LARGE
from config.tests.http import request_asgi

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "img-src 'self'; manifest-src 'self'; script-src 'self'; style-src 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def assert_has_headers(headers):
    headers = {name.lower(): value for name, value in headers.items()}
    assert {name: headers.get(name.lower()) for name in EXPECTED} == EXPECTED
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["permissions-policy"].split(", "))
    assert "cache-control" in headers


@pytest.mark.guarantee("headers")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/login/", "/logout/", "/home/", "/nonsense/", "/theme/", "/admin/login/", "/static/css/base.css"]
)
@pytest.mark.parametrize("body", [{}, {TOO_LARGE: True}, {"HTTP_HOST": "other.example"}])
def test_every_response_has_the_headers(client, path, body):
    response = client.get(path, **body)

    response.close()
    assert_has_headers(response.headers)


@pytest.mark.django_db
def test_https_adds_hsts_and_redirects_have_the_headers(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 365 * 24 * 60 * 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    redirect, page = client.get("/login/"), client.get("/login/", secure=True)

    assert (redirect.status_code, page.status_code) == (301, 200)
    assert_has_headers(redirect.headers)
    assert_has_headers(page.headers)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
def test_cookies_belong_to_the_host_with_https(settings, student, client):
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    client.get("/login/", secure=True)

    sign_in(client, student.username)

    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-browser"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_header_of_a_view_is_not_replaced(settings):
    def view(request):
        return HttpResponse(headers={"Cache-Control": "private"})

    response = ResponseHeadersMiddleware(view)(RequestFactory().get("/"))

    assert response.headers["Cache-Control"] == "private"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "method", "expected"), [("/healthz", "GET", 200), ("/live/", "POST", 405)])
def test_responses_of_the_event_loop_have_the_headers(path, method, expected):
    status, headers, _text = request_asgi(path, method)

    assert status == expected
    assert_has_headers({name.decode(): value.decode() for name, value in headers.items()})
    assert headers.get(b"allow", b"GET, HEAD") == b"GET, HEAD"
