"""Limits of the time in which requests arrive."""

import asyncio

import pytest

from config.server import protocol
from config.server.pages import TOO_LARGE
from config.server.protocol import BODY_LIMIT
from config.tests.http import CHUNKED, GET, START, UPLOAD, Application, read_response, run, send_until_closed


@pytest.fixture
def application():
    return Application(lambda environ: [b"hello"], [("Content-Length", "5")])


@pytest.fixture
def short_times(monkeypatch):
    """Limits of a fraction of a second."""
    for name in ("REQUEST_SECONDS", "DISCARD_SECONDS", "RESPONSE_SECONDS"):
        monkeypatch.setattr(protocol, name, 0.2)


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (b"", b""),
        (START, b""),
        (START, b"a: b\r\n"),
        (GET, b"\r\n"),  # which the parser ignores
        (UPLOAD % 9000 + b"some", b""),
        (UPLOAD % 9000 + b"some", b"x"),
        (CHUNKED + b"5\r\nfirst\r\n", b""),
        (GET + UPLOAD % 9000, b""),
    ],
    ids=["nothing", "headers", "slow headers", "line breaks", "body", "slow body", "chunks", "second request"],
)
def test_request_that_does_not_arrive_in_time_is_closed(application, short_times, first, more):
    run(application, lambda connect: send_until_closed(connect, first, more))

    assert {request["REQUEST_METHOD"] for request in application.requests} <= {"GET"}


def test_body_that_makes_progress_may_take_longer(application, short_times):
    async def scenario(connect):
        reader, writer = await connect()
        writer.write(UPLOAD % 20_000)
        start = asyncio.get_running_loop().time()
        for _part in range(20):
            writer.write(b"x" * 1000)
            await asyncio.sleep(0.03)
        await read_response(reader)
        writer.close()
        return asyncio.get_running_loop().time() - start

    assert run(application, scenario) > 2 * protocol.REQUEST_SECONDS
    assert len(application.requests[0]["body"]) == 20_000


def test_body_that_stops_after_progress_is_closed_in_time(application, monkeypatch):
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 1)

    async def scenario(connect):
        start = asyncio.get_running_loop().time()
        await send_until_closed(connect, UPLOAD % 9000 + b"x" * 5000)
        return asyncio.get_running_loop().time() - start

    assert run(application, scenario) < 1.9  # not two periods


def test_idle_connection_has_no_time_limit_of_requests(application, short_times):
    async def scenario(connect):
        reader, writer = await connect()
        for _request in range(2):
            writer.write(GET)
            await read_response(reader)
            await asyncio.sleep(0.5)
        writer.close()

    run(application, scenario)

    assert len(application.requests) == 2


def test_rest_of_a_body_that_is_too_large_is_discarded_for_a_limited_time(application, short_times):
    run(application, lambda connect: send_until_closed(connect, UPLOAD % (BODY_LIMIT * 1000), b"x" * 100_000))

    (request,) = application.requests
    assert request[TOO_LARGE]


def test_idle_connection_after_a_discarded_body_is_closed(application):
    body = UPLOAD % (BODY_LIMIT + 1) + b"x" * BODY_LIMIT

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(body)
        await read_response(reader)
        writer.write(b"x")
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()

    run(application, scenario, keep_alive=0.1)
