"""Compression of pages."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from config.middleware import FastGZipMiddleware

PAGE = b"<p>Hello, this is a page of the school.</p>" * 100


def respond(response, encodings="gzip, br", middleware=FastGZipMiddleware):
    headers = {"Accept-Encoding": encodings} if encodings else {}
    return middleware(lambda request: response)(RequestFactory().get("/", headers=headers))


def test_page_is_compressed_for_a_browser(client, db):
    response = client.get("/login/", headers={"Accept-Encoding": "gzip, deflate, br"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_size_of_a_compressed_page_varies_at_random():
    sizes = {len(respond(HttpResponse(PAGE)).content) for _time in range(100)}

    assert len(sizes) > 20


@pytest.mark.parametrize("encodings", [None, "br", "identity"])
def test_page_is_not_compressed_for_a_client_that_does_not_accept_it(encodings):
    response = respond(HttpResponse(PAGE), encodings)

    assert response.content == PAGE
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("make", [
    lambda: HttpResponse(PAGE),
    lambda: HttpResponse(PAGE, headers={"ETag": '"5"', "Vary": "Cookie"}),
    lambda: HttpResponse(b"short"),
    lambda: HttpResponse(PAGE, headers={"Content-Encoding": "br"}),
    lambda: HttpResponse(bytes(range(256))),
])  # fmt: skip
def test_headers_are_those_of_django(make):
    ours, theirs = respond(make()), respond(make(), middleware=GZipMiddleware)
    ours.headers.pop("Content-Length", None)
    theirs.headers.pop("Content-Length", None)

    assert dict(ours.headers) == dict(theirs.headers)


def test_stream_is_compressed():
    response = respond(StreamingHttpResponse(iter([PAGE, PAGE])))

    assert gzip.decompress(b"".join(response.streaming_content)) == PAGE * 2
