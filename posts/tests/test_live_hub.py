"""The hub: positions, unread counts, errors and tasks."""

import threading

import pytest

from accounts.models import User
from accounts.tests.factories import AdminFactory, TeacherFactory
from posts import actions
from posts.live import hub as hub_module
from posts.live import queries
from posts.live.stream import CLOSED, Stream, event
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.live import create_session, run_in_thread
from posts.tests.live_hub import read_event, run_with_hub, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch):
    """Check streams, retry and close the connection after a fraction of a second instead of 3 s."""
    for name in ("CHECK_SECONDS", "RETRY_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(hub_module, name, 0.3)


@pytest.fixture
def block(monkeypatch):
    """Return a function that blocks a query in the worker thread: it sets `entered` and then waits for `opened`."""

    class Gate:
        entered, opened = threading.Event(), threading.Event()

    def block(name):
        query = getattr(queries, name)

        def query_and_wait(*args):
            result = query(*args)
            Gate.entered.set()
            Gate.opened.wait(10)
            return result

        monkeypatch.setattr(queries, name, query_and_wait)
        return Gate

    return block


def test_stream_admitted_during_a_fetch_has_its_own_position(common_room, student, classmate, block):
    gate = block("fetch")
    for number in range(1, 6):
        actions.write_post(classmate, common_room, f"post {number}")
    session = create_session(student)

    async def test(hub):
        first = await hub.admit(session, common_room.pk, 4)
        await wait_until(gate.entered.is_set)
        second = Stream(student.pk, session, first.proof, common_room.pk, 1)
        hub.add(second)
        gate.opened.set()

        assert b"post 5" in await read_event(first)
        data = await read_event(second)
        assert [f"post {number}".encode() in data for number in range(1, 6)] == [False, True, True, True, True]
        assert (first.revision, second.revision) == (5, 5)

    run_with_hub(test)


def test_each_stream_receives_posts_in_the_language_of_its_page(common_room, student, classmate):
    post = actions.write_post(classmate, common_room, "Guten Morgen!")
    actions.edit_post(post, "Good morning!", classmate)
    session = create_session(student)

    async def test(hub):
        german = await hub.admit(session, common_room.pk, 0, None, "de")
        english = await hub.admit(session, common_room.pk, 0)

        texts = [(await read_event(stream)).decode() for stream in (german, english)]
        assert [(">bearbeitet<" in text, ">edited<" in text) for text in texts] == [(True, False), (False, True)]

    run_with_hub(test)


def test_new_stream_updates_the_unread_count(common_room, student):
    session = create_session(student)

    async def test(hub):
        first = await hub.admit(session, None, 0)
        assert await read_event(first, b"unread") == event("unread", {"unread": 0})
        # Not published to this hub, as if another process had created it.
        await run_in_thread(NotificationFactory, recipient=student, room=common_room)
        second = await hub.admit(session, None, 0)
        assert event("unread", {"unread": 1}) in await read_event(second, b"unread")
        assert event("unread", {"unread": 1}) in await read_event(first, b"unread")
        await run_in_thread(Notification.objects.all().delete)
        assert event("unread", {"unread": 0}) in await read_event(second, b"unread")
        assert event("unread", {"unread": 0}) in await read_event(first, b"unread")

    run_with_hub(test)


def test_rendering_error_in_one_room_does_not_delay_others(student, classmate, teacher, monkeypatch, caplog):
    broken, working = RoomFactory(owner=teacher), RoomFactory(owner=teacher)
    for room, user in [(working, student), (broken, classmate)]:
        MembershipFactory(room=room, user=user)
    render = queries.rows_for_stream

    def fail(keys, room):
        if room.pk == broken.pk:
            raise ValueError("no such template")
        return render(keys, room)

    monkeypatch.setattr(queries, "rows_for_stream", fail)
    sessions = create_session(student), create_session(classmate)

    async def test(hub):
        in_broken = await hub.admit(sessions[1], broken.pk, 0)
        in_working = await hub.admit(sessions[0], working.pk, 0)
        await run_in_thread(actions.write_post, teacher, broken, "not rendered")
        await run_in_thread(actions.write_post, teacher, working, "rendered")
        assert b"rendered" in await read_event(in_working)

        await run_in_thread(User.objects.filter(pk=student.pk).update, is_active=False)
        assert CLOSED in await read_event(in_working, b"closed")
        monkeypatch.setattr(queries, "rows_for_stream", render)
        assert b"not rendered" in await read_event(in_broken)

    run_with_hub(test)
    assert caplog.text.count("no such template") < 5


def test_task_ends_after_the_last_stream(common_room, student, classmate):
    session = create_session(student)

    async def test(hub):
        for _number in range(2):
            stream = await hub.admit(session, common_room.pk, 0)
            assert len(hub._tasks) == 2
            hub.remove(stream)
            await wait_until(lambda: not hub._tasks)
        assert await hub.admit("nonsense", None, 0) is None
        await wait_until(lambda: not hub._tasks)
        assert (hub.rooms, hub.users, hub.viewers) == ({}, {}, {})

    run_with_hub(test)


@pytest.mark.parametrize("check_seconds", [0.01, 60], ids=["check", "poll"])
def test_viewer_is_removed_if_the_last_stream_closes_during_a_query(student, block, monkeypatch, check_seconds):
    monkeypatch.setattr(hub_module, "CHECK_SECONDS", check_seconds)
    session = create_session(student)

    async def test(hub):
        stream = await hub.admit(session, None, 0)
        gate = block("viewers")
        hub.wake([student.pk])
        await wait_until(gate.entered.is_set)
        hub.remove(stream)
        gate.opened.set()
        await wait_until(lambda: not hub._tasks)
        assert (hub.users, hub.viewers) == ({}, {})

    run_with_hub(test)


@pytest.fixture
def only_wake(settings, monkeypatch):
    """Deliver changes only if an operation calls `wake`: the intervals are longer than the test."""
    settings.LIVE_POLL_SECONDS = 60
    monkeypatch.setattr(hub_module, "CHECK_SECONDS", 60)


def remove_member(room, student, teacher):
    actions.remove_member(room.memberships.get(user=student), teacher)


def remove_owner(room, student, teacher):
    actions.change_owner(room, None, AdminFactory())


@pytest.mark.parametrize(("operation", "user"), [(remove_member, "student"), (remove_owner, "teacher")])
def test_removed_user_leaves_the_room_immediately(room, student, teacher, only_wake, operation, user, request):
    session = create_session(request.getfixturevalue(user))

    async def test(hub):
        stream = await hub.admit(session, room.pk, 0)
        await run_in_thread(operation, room, student, teacher)
        assert event("gone", {"room": room.pk}) in await read_event(stream, b"gone")

    run_with_hub(test)


def add_member(room, user, teacher):
    actions.add_member(Membership(room=room, user=user), teacher)


def make_owner(room, user, teacher):
    actions.change_owner(room, user, AdminFactory())


@pytest.mark.parametrize(("operation", "unread"), [(add_member, 2), (make_owner, 1)])
def test_added_user_receives_the_new_count_immediately(room, teacher, only_wake, operation, unread):
    user = TeacherFactory()
    NotificationFactory(recipient=user, room=room)  # from an earlier membership
    session = create_session(user)

    async def test(hub):
        stream = await hub.admit(session, None, 0)
        assert await read_event(stream, b"unread") == event("unread", {"unread": 0})
        await run_in_thread(operation, room, user, teacher)
        assert event("unread", {"unread": unread}) in await read_event(stream, b"unread")

    run_with_hub(test)
