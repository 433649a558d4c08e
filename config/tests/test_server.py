"""Requests to the server: uvicorn, our protocol and the WSGI adapter."""

import pytest

from config.server.pages import BODY_LIMIT, TOO_LARGE
from config.tests.http import GET, Application, Response, exchange, read_response, run


def post(body=b"", *headers):
    """Return a POST request. `headers` replace the default Content-Length."""
    lines = headers or (b"Content-Length: %d" % len(body),)
    return b"POST / HTTP/1.1\r\nHost: x\r\n" + b"\r\n".join(lines) + b"\r\n\r\n" + body


def hello(environ):
    return Response([b"hello"])


def test_response_has_status_headers_and_body():
    application = Application(hello, [("Content-Length", "5"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])

    status, headers, body = run(application, lambda connect: exchange(connect, GET))

    assert (status, body) == (200, b"hello")
    assert [value for name, value in headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_head_sends_headers_without_a_body():
    application = Application(hello, [("Content-Length", "5")])

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(GET.replace(b"GET", b"HEAD") + GET)
        head = await read_response(reader, is_head=True)
        page = await read_response(reader)
        writer.close()
        return head, page

    head, page = run(application, scenario)

    assert (head[0], dict(head[1])["content-length"], head[2]) == (200, "5", b"")
    assert page[2] == b"hello"


def test_chunked_upload_reaches_the_application_in_one_piece():
    application = Application(hello)
    chunks = [b"5\r\nfirst\r\n", b"7\r\n second\r\n", b"0\r\n\r\n"]

    run(application, lambda connect: exchange(connect, post(b"", b"Transfer-Encoding: chunked"), *chunks))

    (request,) = application.requests
    assert request["body"] == b"first second"
    assert request["CONTENT_LENGTH"] == "12"


def test_repeated_headers_are_joined():
    application = Application(hello)
    headers = (b"Cookie: a=1", b"Cookie: b=2", b"Accept-Language: en", b"Accept-Language: de", b"Content-Length: 0")

    run(application, lambda connect: exchange(connect, post(b"", *headers)))

    (request,) = application.requests
    assert request["HTTP_COOKIE"] == "a=1; b=2"
    assert request["HTTP_ACCEPT_LANGUAGE"] == "en,de"


def test_headers_with_underscores_are_dropped():
    application = Application(hello)
    headers = (b"X_Forwarded_Proto: https", b"Content_Length: 9", b"Content_Type: text/x", b"Content-Length: 0")

    run(application, lambda connect: exchange(connect, post(b"", *headers)))

    (request,) = application.requests
    assert "HTTP_X_FORWARDED_PROTO" not in request
    assert request["CONTENT_LENGTH"] == "0"
    assert "CONTENT_TYPE" not in request


def test_path_and_query_reach_the_application_as_bytes():
    application = Application(hello)
    request = GET.replace(b" / ", b"/r%C3%A4ume/%2F?q=%C3%A4&x=1".join([b" ", b" "]))

    run(application, lambda connect: exchange(connect, request))

    (environ,) = application.requests
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/räume//"
    assert environ["QUERY_STRING"] == "q=%C3%A4&x=1"


def test_query_that_is_not_ascii_returns_400():
    application = Application(hello)

    status, _headers, _body = run(application, lambda connect: exchange(connect, GET.replace(b"/ ", b"/?q=\xc3\xa4 ")))

    assert status == 400
    assert application.requests == []


@pytest.mark.parametrize("length", [b"Content-Length: 100", b"Transfer-Encoding: chunked"])
def test_incomplete_request_does_not_reach_the_application(length):
    application = Application(hello)

    async def scenario(connect):
        for _attempt in range(5):
            _reader, writer = await connect()
            writer.write(post(b"5\r\nfirst\r\n", length))
            await writer.drain()
            writer.close()
        await exchange(connect, GET)

    run(application, scenario)

    assert [request["REQUEST_METHOD"] for request in application.requests] == ["GET"]


@pytest.mark.parametrize("size", [BODY_LIMIT, BODY_LIMIT + 1])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_body_over_the_limit_is_discarded(size, is_chunked):
    application = Application(hello, [("Content-Length", "5")])
    body = b"x" * size
    request = post(b"%x\r\n%s\r\n0\r\n\r\n" % (size, body), b"Transfer-Encoding: chunked") if is_chunked else post(body)

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(request)
        await writer.drain()
        first = await read_response(reader)
        writer.write(GET)  # on the same connection
        second = await read_response(reader)
        writer.close()
        return first[2], second[2]

    assert run(application, scenario) == (b"hello", b"hello")
    upload, following = application.requests
    assert upload.get(TOO_LARGE) == (BODY_LIMIT if size > BODY_LIMIT else None)
    assert len(upload["body"]) == (0 if size > BODY_LIMIT else size)
    assert TOO_LARGE not in following


def test_upload_that_is_too_large_is_rejected_before_the_client_sends_it():
    application = Application(hello, [("Content-Length", "5")])
    declared = post(b"", b"Expect: 100-continue", b"Content-Length: %d" % (BODY_LIMIT + 1))

    status, _headers, _body = run(application, lambda connect: exchange(connect, declared))

    assert status == 200  # not 100
    assert application.requests[0][TOO_LARGE]
