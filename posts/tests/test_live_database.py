"""Live streams while the database hangs or fails."""

import asyncio
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from posts import actions
from posts.live import queries
from posts.live.admissions import SECONDS as ADMISSION_SECONDS
from posts.live.hub import Hub
from posts.models import Room
from posts.tests.factories import PostFactory
from posts.tests.live import StreamClient, create_session, run_in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked_tables():
    """Block reads of rooms and posts by other connections, as if the database hung."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE posts_room, posts_post IN ACCESS EXCLUSIVE MODE")
            yield
        else:
            cursor.execute("LOCK TABLES posts_room WRITE, posts_post WRITE")
            yield
            cursor.execute("UNLOCK TABLES")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite does not block readers")
def test_hung_database_delays_streams_only_until_it_recovers(server, common_room, student, classmate, open_stream):
    session, late = create_session(student), create_session(classmate)
    stream = open_stream(server, session, common_room)

    with locked_tables():
        PostFactory(room=common_room, author=classmate, body="while it hung", revision=1)
        Room.objects.filter(pk=common_room.pk).update(revision=1)
        start = time.monotonic()
        assert StreamClient(server, late, common_room).status == 503
        assert ADMISSION_SECONDS - 1 < time.monotonic() - start < ADMISSION_SECONDS + 1
        for path in ("/healthz", "/static/js/live.js"):
            start = time.monotonic()
            assert server.get(path)[0] == 200
            assert time.monotonic() - start < 0.5
        stream.wait_for_heartbeats()
        assert stream.read_until_quiet(0.1) == []

    assert "while it hung" in stream.next("posts", timeout=1)["html"]
    assert open_stream(server, late, common_room).status == 200


def test_hung_query_never_blocks_the_event_loop(common_room, student, monkeypatch):
    session, hanging, released = create_session(student), threading.Event(), threading.Event()
    poll = queries.poll

    def hang(rooms):
        hanging.set()
        released.wait(30)
        return poll(rooms)

    async def test():
        hub = Hub()
        stream = await hub.admit(session, common_room.pk, 0)
        monkeypatch.setattr(queries, "poll", hang)
        monkeypatch.setattr("posts.live.admissions.SECONDS", 0.2)
        while not hanging.is_set():
            await asyncio.sleep(0.01)
        with pytest.raises(TimeoutError):
            await hub.admit(session, None, 0)
        start = time.monotonic()
        await asyncio.sleep(0)
        assert time.monotonic() - start < 0.1
        released.set()
        monkeypatch.setattr("posts.live.admissions.SECONDS", 5)
        assert await hub.admit(session, None, 0)
        assert not stream.is_closed
        await hub.stop()
        hub._worker.shutdown()

    asyncio.run(asyncio.wait_for(test(), 30))


def test_failing_database_is_logged_once_and_posts_arrive_afterwards(
    common_room, student, classmate, monkeypatch, caplog
):
    session, failures = create_session(student), []
    poll = queries.poll

    def fail(rooms):
        failures.append(rooms)
        raise OperationalError("the server is gone")

    async def test():
        hub = Hub()
        stream = await hub.admit(session, common_room.pk, 0)
        monkeypatch.setattr(queries, "poll", fail)
        await run_in_thread(actions.write_post, classmate, common_room, "during the failure")
        while len(failures) < 3:
            await asyncio.sleep(0.05)
        with pytest.raises(OperationalError):
            await hub.admit(session, common_room.pk, 0)
        monkeypatch.setattr(queries, "poll", poll)
        async with asyncio.timeout(1):
            while b"during the failure" not in await stream.next():
                pass
        await hub.stop()
        hub._worker.shutdown()

    asyncio.run(asyncio.wait_for(test(), 30))
    assert caplog.text.count("the server is gone") == 1
