"""Responses of the WSGI adapter: in one piece, in chunks, aborted and broken."""

import asyncio
import threading

import pytest

from config.server.pages import CHUNK_SIZE, WSGIServer
from config.tests.http import GET, Application, Response, always_responds, exchange, read_response, run, until

PIECE = b"x" * 65536


@pytest.mark.parametrize("pieces", [[], [b"one"], [b"one", b"", b"two"], [PIECE] * 16, [PIECE] * 50, [PIECE * 50]])
def test_response_is_complete_and_closed(pieces):
    response = Response(pieces)

    status, _headers, body = run(Application(lambda environ: response), lambda connect: exchange(connect, GET))

    assert (status, body) == (200, b"".join(pieces))
    assert response.closed.is_set()


@pytest.mark.parametrize(("size", "messages"), [(CHUNK_SIZE, 1), (CHUNK_SIZE + 1, 2), (3 * CHUNK_SIZE, 3)])
def test_only_large_responses_are_sent_in_chunks(size, messages):
    sent = []

    async def receive():
        if sent:
            await asyncio.Event().wait()
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    pieces = [b"x" * 1024] * (size // 1024) + [b"x"] * (size % 1024)
    scope = {"method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}
    server = WSGIServer(Application(lambda environ: pieces), 1, always_responds, files="/static/")
    asyncio.run(server(scope, receive, send))

    start, *chunks = sent
    assert start["status"] == 200
    assert len(chunks) == messages
    assert sum(len(chunk["body"]) for chunk in chunks) == size
    assert [chunk["more_body"] for chunk in chunks] == [True] * (messages - 1) + [False]


def test_client_that_stops_reading_occupies_no_thread():
    slow = [Response(PIECE for _ in range(1000)) for _ in range(5)]
    waiting = iter(slow)

    def respond(environ):
        return next(waiting) if environ["PATH_INFO"] == "/slow" else Response([b"hello"])

    async def scenario(connect):
        writers = []
        for _client in slow:
            _reader, writer = await connect()
            writer.write(GET.replace(b"/ ", b"/slow "))
            writers.append(writer)
        await until(lambda: all(response.produced for response in slow))
        pages = [await exchange(connect, GET) for _ in range(10)]
        produced = [response.produced for response in slow]
        for writer in writers:
            writer.transport.abort()
        await until(lambda: all(response.closed.is_set() for response in slow))
        return pages, produced

    pages, produced = run(Application(respond, []), scenario, threads=1)

    assert [body for _status, _headers, body in pages] == [b"hello"] * 10
    assert max(produced) < 500  # produced only as fast as the client reads


def test_response_is_closed_if_the_client_disconnects():
    endless = Response(iter(lambda: PIECE, None))

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(GET)
        await reader.readexactly(3 * CHUNK_SIZE)
        writer.transport.abort()
        await until(endless.closed.is_set)

    run(Application(lambda environ: endless), scenario)


def broken(*pieces):
    def generate():
        yield from pieces
        raise ValueError("broken")

    return Response(generate())


def test_exception_before_the_first_chunk_returns_500():
    response = broken(b"half a page")

    status, _headers, body = run(Application(lambda environ: response), lambda connect: exchange(connect, GET))

    assert (status, body) == (500, b"Internal Server Error")
    assert response.closed.is_set()


def test_exception_after_the_first_chunk_ends_the_connection():
    response = broken(*[PIECE] * 20)

    async def scenario(connect):
        with pytest.raises(asyncio.IncompleteReadError):
            await exchange(connect, GET)

    run(Application(lambda environ: response), scenario)

    assert response.closed.is_set()


def test_exception_in_the_application_returns_500():
    def respond(environ):
        raise ValueError("broken")

    assert run(Application(respond), lambda connect: exchange(connect, GET))[0] == 500


def test_requests_run_in_at_most_as_many_threads_as_configured():
    running, most, lock, full = 0, 0, threading.Lock(), threading.Barrier(3)

    def respond(environ):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        full.wait(10)
        with lock:
            running -= 1
        return [b"hello"]

    async def scenario(connect):
        return await asyncio.gather(*(exchange(connect, GET) for _ in range(9)))

    responses = run(Application(respond), scenario, threads=3)

    assert [body for _status, _headers, body in responses] == [b"hello"] * 9
    assert most == 3


def test_pipelined_requests_are_answered_in_order():
    async def scenario(connect):
        reader, writer = await connect()
        writer.write(b"".join(GET.replace(b"/ ", b"/%d " % number) for number in range(5)))
        bodies = [(await read_response(reader))[2] for _ in range(5)]
        writer.close()
        return bodies

    application = Application(lambda environ: [environ["PATH_INFO"].encode()])

    assert run(application, scenario) == [b"/0", b"/1", b"/2", b"/3", b"/4"]
