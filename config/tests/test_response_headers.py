"""Response headers: one setting defines them for every response."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import ResponseHeadersMiddleware
from config.server import TOO_LARGE
from config.tests.http import request_live_stream

POLICY = "default-src 'self'"


@pytest.fixture(autouse=True)
def policy(settings):
    settings.RESPONSE_HEADERS = settings.RESPONSE_HEADERS | {"Content-Security-Policy": POLICY}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/login/", "/logout/", "/home/", "/healthz", "/nonsense/", "/theme/", "/static/css/base.css"]
)
@pytest.mark.parametrize("body", [{}, {TOO_LARGE: True}])
def test_every_response_has_the_headers(client, path, body):
    response = client.get(path, **body)

    response.close()
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_redirect_to_https_has_the_headers(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/login/")

    assert (response.status_code, response.headers["Content-Security-Policy"]) == (301, POLICY)


def test_header_of_a_view_is_not_replaced(settings):
    def view(request):
        return HttpResponse(headers={"Cache-Control": "private"})

    response = ResponseHeadersMiddleware(view)(RequestFactory().get("/"))

    assert response.headers["Cache-Control"] == "private"


def test_refused_live_stream_has_the_headers():
    status, headers = request_live_stream("POST")

    assert status == 405
    assert headers[b"content-security-policy"] == POLICY.encode()
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"x-frame-options"] == b"DENY"
    assert headers[b"allow"] == b"GET, HEAD"
