"""Streams: slow clients, timers and memory."""

import asyncio
import gc
from http.cookies import SimpleCookie

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User
from posts.live import asgi
from posts.live.hub import Hub
from posts.live.stream import MAX_PENDING, MAX_STALLED, Stream
from posts.models import Room
from posts.tests.live import create_session
from posts.tests.live_hub import run_with_hub, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_slow_client_is_disconnected():
    async def test(hub):
        stream = Stream(1, "s", 0, None, 0)
        stream.task = asyncio.create_task(asyncio.sleep(60))
        stream.push(b"x" * (MAX_PENDING + 1))  # a long replay is allowed
        assert not stream.is_closed
        stream.push(b"more")
        assert await stream.next() == b""
        await wait_until(stream.task.cancelled)

        idle = Stream(1, "s", 0, None, 0)
        idle.task = asyncio.create_task(asyncio.sleep(60))
        for _beat in range(MAX_STALLED + 1):
            idle.beat()
        assert not idle.is_closed
        idle.beat()
        await wait_until(idle.task.cancelled)

    run_with_hub(test)


def test_delivery_creates_no_timers(common_room, student):
    class CountingLoop(asyncio.SelectorEventLoop):
        timers = 0

        def call_at(self, *args, **kwargs):
            CountingLoop.timers += 1
            return super().call_at(*args, **kwargs)

    async def test():
        sent = []

        async def send(message):
            sent.append(message)

        streams = [Stream(user, "s", 0, 1, 0) for user in range(100)]
        serving = [asyncio.create_task(asgi._serve(stream, "GET", asyncio.Event().wait, send)) for stream in streams]
        await asyncio.sleep(0)
        CountingLoop.timers = 0
        for stream in streams:
            stream.push(b"a post")
        while len(sent) < 300:
            await asyncio.sleep(0)
        assert CountingLoop.timers == 0
        for stream in streams:
            stream.end()
        await asyncio.gather(*serving)

    with asyncio.Runner(loop_factory=CountingLoop) as runner:
        runner.run(test())


def test_open_stream_does_not_reference_its_request(common_room, student, settings):
    settings.ALLOWED_HOSTS = ["school.example"]
    session = create_session(student)

    def count():
        gc.collect()
        kinds = (HttpRequest, SimpleCookie, SessionBase, User, Room)
        return sum(isinstance(each, kinds) for each in gc.get_objects())

    async def test():
        opened = asyncio.Semaphore(0)

        async def send(message):
            if message.get("body"):
                opened.release()

        def scope():
            cookie = f"sessionid={session}; theme=dark".encode()
            return {
                "type": "http",
                "http_version": "1.1",
                "method": "GET",
                "path": "/live/",
                "query_string": b"room=%d" % common_room.pk,
                "headers": [(b"host", b"school.example"), (b"cookie", cookie)],
            }

        before = count()
        tasks = [asyncio.create_task(asgi.application(scope(), asyncio.Event().wait, send)) for _number in range(10)]
        for _number in range(20):  # `retry` and the unread count
            await opened.acquire()
        assert count() - before < 10
        hub = Hub.current
        hub.end_streams()
        await asyncio.gather(*tasks)
        await hub.stop()
        hub._worker.shutdown()

    asyncio.run(asyncio.wait_for(test(), 30))
