"""Requests that get no response because the database hangs or no thread is free."""

import asyncio
import threading
import time

import pytest

from config.server.pages import STALLED
from config.tests.http import GET, Application, Response, exchange, run
from config.tests.test_server import post

TIME_LIMITS = ("config.server.threads.CHECK_AFTER", 0.1), ("config.server.threads.LIMIT", 0.4)


@pytest.fixture(autouse=True)
def short_time_limits(monkeypatch):
    for name, seconds in TIME_LIMITS:
        monkeypatch.setattr(name, seconds)


@pytest.fixture
def hanging():
    """An application whose requests hang until `release` is set, except for STALLED requests and quick ones."""

    def respond(environ):
        if STALLED in environ:
            return Response([b"not available"])
        if environ["PATH_INFO"] not in ("/quick", "/static/x.css"):
            application.release.wait(10)
        return Response([b"hello"])

    application = Application(respond)
    application.release = threading.Event()
    yield application
    application.release.set()


async def never_responds(seconds):
    await asyncio.sleep(seconds)
    return False


def test_request_is_given_up_if_the_database_does_not_respond(hanging):
    async def scenario(connect):
        response = await exchange(connect, post(b"text"))
        hanging.release.set()
        return response

    assert run(hanging, scenario, responds=never_responds)[2] == b"not available"
    assert [request["body"] for request in hanging.requests] == [b"text", b"text"]


def test_request_that_takes_long_is_not_given_up_if_the_database_responds(hanging):
    async def scenario(connect):
        asyncio.get_running_loop().call_later(1, hanging.release.set)
        return await exchange(connect, GET)

    assert run(hanging, scenario)[2] == b"hello"


@pytest.mark.parametrize("request_text", [GET, post(b"text")])
def test_request_that_waits_for_a_thread_is_given_up_and_never_starts(hanging, request_text):
    async def scenario(connect):
        busy = [asyncio.ensure_future(exchange(connect, request_text)) for _thread in range(3)]
        while len(hanging.requests) < (3 if request_text == GET else 1):
            await asyncio.sleep(0.01)
        body = (await exchange(connect, request_text.replace(b"/ ", b"/late ", 1)))[2]
        hanging.release.set()
        await asyncio.gather(*busy)
        await exchange(connect, GET)
        return body

    assert run(hanging, scenario, threads=3) == b"not available"
    late = [request for request in hanging.requests if request["PATH_INFO"] == "/late"]
    assert [STALLED in request for request in late] == [True]


def test_request_that_waits_is_not_given_up_while_others_succeed():
    def respond(environ):
        time.sleep(0.1)
        return Response([b"hello"])

    async def scenario(connect):
        return await asyncio.gather(*(exchange(connect, post(b"text")) for _request in range(12)))

    assert {body for _status, _headers, body in run(Application(respond), scenario, threads=1)} == {b"hello"}


def test_static_files_have_other_threads(hanging):
    async def scenario(connect):
        waiting = [asyncio.ensure_future(exchange(connect, GET)) for _thread in range(4)]
        while len(hanging.requests) < 2:
            await asyncio.sleep(0.01)
        body = (await exchange(connect, GET.replace(b"/ ", b"/static/x.css ")))[2]
        hanging.release.set()
        await asyncio.gather(*waiting)
        return body

    assert run(hanging, scenario) == b"hello"
