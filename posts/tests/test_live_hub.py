"""The hub: positions, unread counts, errors and tasks."""

import threading

import pytest

from accounts.models import User
from posts import actions
from posts.live import queries, sse
from posts.live.stream import Stream
from posts.models import Notification
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.live import in_thread, session_of
from posts.tests.live_hub import read, run, until

pytestmark = pytest.mark.django_db(transaction=True)


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
