"""Pages inside the server: the threads that answer, and how their answers come out of them."""

import asyncio
import threading

import pytest

from config.pages import MOST_HELD, Pages

pytestmark = pytest.mark.once

SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}


def ask(application, method="GET", body=b""):
    """Return what an ASGI application sends in answer to one request."""
    return asyncio.run(_ask(application, method, body))


async def _ask(application, method="GET", body=b""):
    sent = []

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        sent.append(message)

    await application(SCOPE | {"method": method}, receive, send)
    return sent


def answering(*pieces):
    """Return a WSGI application that answers with `pieces`."""

    def application(environ, start_response):
        start_response("200 OK", [("X-Read", environ["wsgi.input"].read().decode())])
        yield from pieces

    return application


LARGE = b"x" * MOST_HELD


@pytest.mark.parametrize("pieces", [[b"one"], [b"one", b"two"], [], [LARGE] * 5, [b"one", LARGE * 3]])
def test_answer_comes_whole_and_in_order(pieces):
    messages = ask(Pages(answering(*pieces), 1, 1), "POST", b"words")

    assert messages[0] == {"type": "http.response.start", "status": 200, "headers": [(b"x-read", b"words")]}
    assert b"".join(message["body"] for message in messages[1:]) == b"".join(pieces)
    assert len(messages) == 2 or len(b"".join(pieces)) > MOST_HELD
    assert [message.get("more_body", False) for message in messages[1:]] == [True] * (len(messages) - 2) + [False]


def test_large_answer_is_not_gathered_first():
    produced, sent_before = [], []

    async def main():
        def application(environ, start_response):
            start_response("200 OK", [])
            for _piece in range(20):
                produced.append(1)
                yield LARGE

        async def send(message):
            sent_before.append(len(produced))

        await Pages(application, 1, 1)(SCOPE, None, send)

    asyncio.run(main())

    # When the first piece goes out, few have been made.
    assert sent_before[1] < 5


def test_answer_that_breaks_is_no_answer():
    def application(environ, start_response):
        start_response("200 OK", [])
        yield b"half a page"
        raise ValueError("broken")

    async def main():
        with pytest.raises(ValueError, match="broken"):
            await _ask(Pages(application, 1, 1))

    asyncio.run(main())


def test_reading_goes_on_while_every_writer_waits():
    gate = threading.Event()

    def application(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            gate.wait(10)
        start_response("200 OK", [])
        return [environ["REQUEST_METHOD"].encode()]

    async def main():
        pages = Pages(application, 1, 2)
        writers = [asyncio.create_task(_ask(pages, "POST")) for _writer in range(5)]
        await asyncio.sleep(0.05)
        read = [await asyncio.wait_for(_ask(pages, method), 5) for method in ("GET", "HEAD", "OPTIONS")]
        waiting = sum(not writer.done() for writer in writers)
        gate.set()
        return read, waiting, await asyncio.gather(*writers)

    read, waiting, written = asyncio.run(main())

    assert waiting == 5
    assert [answer[1]["body"] for answer in read] == [b"GET", b"HEAD", b"OPTIONS"]
    assert [answer[1]["body"] for answer in written] == [b"POST"] * 5
