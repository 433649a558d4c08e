"""Limits of the size and number of requests, and of their headers and bodies."""

import asyncio
import time

import pytest

from config.server import protocol
from config.server.protocol import HEADER_LIMIT
from config.tests.http import (
    CHUNKED,
    GET,
    START,
    UPLOAD,
    Application,
    exchange,
    read_response,
    run,
    send_until_closed,
    until,
)

TOO_LONG = b"x" * (HEADER_LIMIT + 1)


@pytest.fixture
def application():
    return Application(lambda environ: [b"hello"], [("Content-Length", "5")])


@pytest.mark.guarantee("request-limits")
@pytest.mark.parametrize(
    "headers",
    [
        START + b"a: b\r\n" * (HEADER_LIMIT // 32) + b"\r\n",
        START + b"a: " + TOO_LONG + b"\r\n\r\n",
        b"GET /" + TOO_LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["many", "long", "address"],
)
def test_headers_over_the_limit_return_431(application, headers):
    status, headers, _body = run(application, lambda connect: exchange(connect, headers))

    assert status == 431
    assert dict(headers)["cache-control"] == "no-store"
    assert application.requests == []


@pytest.mark.guarantee("request-limits")
@pytest.mark.parametrize("start", [b"", b"GET /", START, START + b"a: "], ids=["method", "address", "name", "value"])
def test_headers_are_counted_while_they_arrive(application, start):
    """The server counts bytes as they arrive, so it responds before the end of the header."""
    response = run(application, lambda connect: send_until_closed(connect, start, b"X" * 10_000))

    assert not response or response.split()[1] in (b"400", b"431")
    assert application.requests == []


def test_headers_up_to_the_limit_are_accepted(application):
    headers = START + b"a: " + TOO_LONG[200:] + b"\r\n\r\n"

    async def scenario(connect):
        reader, writer = await connect()
        for _request in range(3):  # each has its own limit
            writer.write(headers)
            assert (await read_response(reader))[0] == 200
        writer.close()

    run(application, scenario)


@pytest.mark.guarantee("linear-request")
def test_repeated_headers_do_not_stop_the_event_loop(application, record_property):
    header = b"Cookie: a=1\r\n"
    request = START + header * (HEADER_LIMIT // (len(b"Cookiea=1") + 32) - 1) + b"\r\n"

    async def scenario(connect):
        pauses = []
        for _attempt in range(5):
            response = asyncio.ensure_future(exchange(connect, request))
            longest, start = 0, time.thread_time()
            while not response.done():
                await asyncio.sleep(0)
                longest, start = max(longest, time.thread_time() - start), time.thread_time()
            assert response.result()[0] == 200
            pauses.append(longest)
        return min(pauses)

    pause = run(application, scenario)

    record_property("figure", f"{pause * 1000:.1f} ms of CPU time")
    assert pause < 0.005


@pytest.mark.parametrize("trailer", [b"Cookie: sessionid=x", b"X-Forwarded-For: 1.2.3.4", b"Host: evil"])
def test_trailers_are_dropped(application, trailer):
    run(application, lambda connect: exchange(connect, CHUNKED + b"5\r\nfirst\r\n0\r\n" + trailer + b"\r\n\r\n"))

    (request,) = application.requests
    assert request["body"] == b"first"
    assert request["HTTP_HOST"] == "x"
    assert not {"HTTP_COOKIE", "HTTP_X_FORWARDED_FOR"} & request.keys()


@pytest.mark.parametrize(
    ("rest", "more"), [(b"0\r\n", b"a: b\r\n" * 99), (b"0\r\na: ", b"x" * 9999), (b"5;a=", b"x" * 9999)]
)
def test_trailers_and_chunk_extensions_have_a_limit(application, rest, more):
    response = run(application, lambda connect: send_until_closed(connect, CHUNKED + rest, more))

    assert not response or response.split()[1] == b"431"
    assert application.requests == []


@pytest.mark.guarantee("request-limits")
def test_connection_that_sends_many_requests_at_once_is_closed(application, record_property):
    requests = 5000

    async def scenario(connect):
        writers = []
        for _connection in range(5):
            _reader, writer = await connect()
            writer.write(GET * requests)
            writers.append(writer)
        longest, start = 0, time.perf_counter()
        for _attempt in range(20):
            assert (await exchange(connect, GET))[0] == 200
            longest, start = max(longest, time.perf_counter() - start), time.perf_counter()
        for writer in writers:
            writer.close()
        return longest

    longest = run(application, scenario)

    record_property("figure", f"5 × {requests} requests at once: others take at most {longest:.2f} s")
    assert longest < 0.5
    assert len(application.requests) <= 20 + 5 * (protocol.PIPELINE_LIMIT + 2)


@pytest.mark.parametrize("is_proxy", [False, True])
def test_unfinished_requests_of_an_address_are_limited(application, settings, monkeypatch, is_proxy):
    settings.BEHIND_TLS_PROXY = is_proxy
    monkeypatch.setattr(protocol, "UNFINISHED_LIMIT", 3)

    async def scenario(connect):
        connections = [await connect() for _number in range(4)]
        for (_reader, writer), start in zip(connections, (START, UPLOAD % 9, UPLOAD % 9 + b"some"), strict=False):
            writer.write(start)
        await until(lambda: is_proxy or protocol._unfinished.total() == 3)
        complete = await exchange(connect, GET)
        reader, writer = connections[-1]
        writer.write(UPLOAD % 4)
        if is_proxy:
            writer.write(b"text")
        last = await read_response(reader)
        for _reader, writer in connections:
            writer.close()
        await until(lambda: not protocol._unfinished)
        return complete[0], last[0]

    assert run(application, scenario) == (200, 200 if is_proxy else 429)


@pytest.mark.guarantee("request-limits")
@pytest.mark.parametrize("is_proxy", [False, True])
def test_stored_bodies_of_an_address_are_limited(application, settings, monkeypatch, is_proxy):
    settings.BEHIND_TLS_PROXY = is_proxy
    monkeypatch.setattr(protocol, "STORED_LIMIT", 250_000)
    stalled = UPLOAD % 200_000 + b"x" * 100_000

    async def scenario(connect):
        connections = [await connect() for _number in range(3)]
        for _reader, writer in connections[:2]:
            writer.write(stalled)
        await until(lambda: is_proxy or protocol._stored.total() == 200_000)
        reader, writer = connections[2]
        writer.write(stalled + (100_000 * b"x" if is_proxy else b""))
        status = (await read_response(reader))[0]
        for _reader, writer in connections:
            writer.close()
        await until(lambda: not protocol._stored)
        afterwards = await exchange(connect, UPLOAD % 200_000 + b"x" * 200_000)
        return status, afterwards[0]

    assert run(application, scenario) == (200 if is_proxy else 429, 200)
    assert all(len(request["body"]) == 200_000 for request in application.requests)
    assert not protocol._stored
