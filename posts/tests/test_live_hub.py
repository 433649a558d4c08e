"""The hub in this process: cases that are hard to time from outside."""

import asyncio
import gc
import threading
from http.cookies import SimpleCookie

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User
from posts import actions
from posts.live import asgi, queries, sse
from posts.live.hub import Hub
from posts.live.stream import MAX_PENDING, MAX_STALLED, Stream
from posts.models import Notification, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.live_server import in_thread, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def run(test):
    """Run the coroutine function `test` with a hub. Stop the hub at the end."""

    async def with_hub():
        hub = Hub()
        try:
            await asyncio.wait_for(test(hub), 30)
        finally:
            await hub.stop()
            hub._worker.shutdown()

    asyncio.run(with_hub())


async def until(condition):
    """Wait until `condition()` is true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def read(stream, kind=b"posts"):
    """Return the next bytes of a stream that contain an event of this kind."""
    async with asyncio.timeout(10):
        while b"event: " + kind not in (data := await stream.next()):
            assert data, "the stream ended"
    return data


@pytest.fixture
def gate(monkeypatch):
    """Hold up `queries.fetch` in the worker thread: `entered` is set when it begins, and it waits for `opened`."""

    class Gate:
        entered, opened = threading.Event(), threading.Event()

    fetch = queries.fetch

    def wait_and_fetch(*args):
        changes = fetch(*args)
        Gate.entered.set()
        Gate.opened.wait(10)
        return changes

    monkeypatch.setattr(queries, "fetch", wait_and_fetch)
    return Gate


def test_stream_admitted_during_a_fetch_keeps_its_own_position(common_room, student, classmate, gate):
    for number in range(1, 6):
        actions.write_post(classmate, common_room, f"post {number}")
    session = session_of(student)

    async def test(hub):
        first = await hub.admit(session, common_room.pk, 4)
        await until(gate.entered.is_set)
        second = Stream(student.pk, session, first.proof, common_room.pk, 1)
        hub.add(second)
        gate.opened.set()

        assert b"post 5" in await read(first)
        data = await read(second)
        assert [f"post {number}".encode() in data for number in range(1, 6)] == [False, True, True, True, True]
        assert (first.revision, second.revision) == (5, 5)

    run(test)


def test_unread_count_of_a_new_stream_replaces_the_known_one(common_room, student):
    session = session_of(student)

    async def test(hub):
        first = await hub.admit(session, None, 0)
        assert await read(first, b"unread") == sse.unread(0)
        # Not announced, as in another process.
        await in_thread(NotificationFactory, recipient=student, room=common_room)
        second = await hub.admit(session, None, 0)
        assert sse.unread(1) in await read(second, b"unread")
        assert sse.unread(1) in await read(first, b"unread")
        await in_thread(Notification.objects.all().delete)
        assert sse.unread(0) in await read(second, b"unread")
        assert sse.unread(0) in await read(first, b"unread")

    run(test)


def test_room_that_cannot_be_rendered_delays_nothing_else(student, classmate, teacher, monkeypatch, caplog):
    broken, working = RoomFactory(owner=teacher), RoomFactory(owner=teacher)
    for room, user in [(working, student), (broken, classmate)]:
        MembershipFactory(room=room, user=user)
    render = queries.rows_for_stream

    def fail(keys, room):
        if room.pk == broken.pk:
            raise ValueError("no such template")
        return render(keys, room)

    monkeypatch.setattr(queries, "rows_for_stream", fail)
    sessions = session_of(student), session_of(classmate)

    async def test(hub):
        in_broken = await hub.admit(sessions[1], broken.pk, 0)
        in_working = await hub.admit(sessions[0], working.pk, 0)
        await in_thread(actions.write_post, teacher, broken, "not rendered")
        await in_thread(actions.write_post, teacher, working, "rendered")
        assert b"rendered" in await read(in_working)

        await in_thread(User.objects.filter(pk=student.pk).update, is_active=False)
        assert sse.BYE in await read(in_working, b"bye")
        monkeypatch.setattr(queries, "rows_for_stream", render)
        assert b"not rendered" in await read(in_broken)

    run(test)
    assert caplog.text.count("no such template") < 5


def test_slow_reader_is_disconnected():
    async def test(hub):
        stream = Stream(1, "s", 0, None, 0)
        stream.task = asyncio.create_task(asyncio.sleep(60))
        stream.push(b"x" * (MAX_PENDING + 1))  # may be a long replay
        assert not stream.is_closed
        stream.push(b"more")
        assert await stream.next() == b""
        await until(stream.task.cancelled)

        idle = Stream(1, "s", 0, None, 0)
        idle.task = asyncio.create_task(asyncio.sleep(60))
        for _beat in range(MAX_STALLED + 1):
            idle.beat()
        assert not idle.is_closed
        idle.beat()
        await until(idle.task.cancelled)

    run(test)


def test_task_runs_only_while_streams_are_open(common_room, student, classmate):
    session = session_of(student)

    async def test(hub):
        for _time in range(2):
            stream = await hub.admit(session, common_room.pk, 0)
            assert len(hub._tasks) == 2
            hub.remove(stream)
            await until(lambda: not hub._tasks)
        assert await hub.admit("nonsense", None, 0) is None
        await until(lambda: not hub._tasks)
        assert (hub.channels, hub.users, hub.viewers) == ({}, {}, {})

    run(test)


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


def test_open_stream_keeps_no_request_alive(common_room, student, settings):
    settings.ALLOWED_HOSTS = ["school.example"]
    session = session_of(student)

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
                "type": "http", "method": "GET", "path": "/live/", "query_string": b"room=%d" % common_room.pk,
                "headers": [(b"host", b"school.example"), (b"cookie", cookie)],
            }  # fmt: skip

        before = count()
        tasks = [asyncio.create_task(asgi.application(scope(), asyncio.Event().wait, send)) for _number in range(10)]
        for _number in range(20):  # `retry` and the unread count
            await opened.acquire()
        assert count() - before < 10
        asgi._hub.end_streams()
        await asyncio.gather(*tasks)
        await asgi._hub.stop()
        asgi._hub._worker.shutdown()

    asyncio.run(asyncio.wait_for(test(), 30))
