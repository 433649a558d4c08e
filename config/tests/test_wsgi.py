"""Requests to the WSGI application and the live streams, without Django's test client."""

import io

import pytest
from django.test import RequestFactory

from config.server.pages import TOO_LARGE
from config.tests.http import request_asgi
from config.wsgi import Handler

CHARSETS = ("hex", "base64", "rot13", "idna", "punycode", "undefined", "utf-16", "nonsense", "a\0b", '"', "")


def call(path, query="", method="GET", content_type="", body=b"", **extra):
    """Return the status and the text of a response of the WSGI application."""
    environ = RequestFactory()._base_environ(
        PATH_INFO=path,
        QUERY_STRING=query,
        REQUEST_METHOD=method,
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(len(body)),
        HTTP_HOST="testserver",
    )
    environ |= {"wsgi.input": io.BytesIO(body)} | extra
    response = {}
    body = Handler()(environ, lambda status, headers: response.update(status=int(status.split()[0])))
    return response["status"], b"".join(body).decode()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("kind", ["text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_charset_causes_no_server_error(charset, kind, method):
    status, page = call("/login/", "next=%2Fhome%ff", method, f"{kind}; charset={charset}", b"username=%ff")

    assert status in (200, 400, 403)
    assert "Traceback" not in page
    assert "Homeroom" in page


@pytest.mark.parametrize("charset", CHARSETS)
def test_unknown_charset_of_a_live_stream_is_ignored(charset):
    status, _headers, _text = request_asgi(
        "/live/", headers=[(b"content-type", f"text/plain; charset={charset}".encode())]
    )

    assert status == 401


@pytest.mark.django_db
def test_body_that_the_server_discarded_returns_413():
    status, page = call("/login/", method="POST", **{TOO_LARGE: 4 * 1024 * 1024})

    assert status == 413
    assert "too large to send" in page
    assert "up to 4 MB" in page
