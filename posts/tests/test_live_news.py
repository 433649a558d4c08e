"""Events about new posts in rooms that a stream does not show."""

import json

import pytest
from django.db import transaction

from posts import actions
from posts.live import hub as hub_module
from posts.models import Membership
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.live import create_session, run_in_thread
from posts.tests.live_hub import read_event, run_with_hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def short_intervals(monkeypatch):
    """Check streams after a fraction of a second instead of 3 s."""
    monkeypatch.setattr(hub_module, "CHECK_SECONDS", 0.2)


@pytest.fixture
def other_room(student, classmate):
    """A room with the members `student` and `classmate`."""
    room = RoomFactory(slug="zebras")
    for user in (student, classmate):
        MembershipFactory(room=room, user=user)
    return room


def events_in(data):
    """Return the data of the events about rooms in a chunk of a stream."""
    events = [event.split(b"\n") for event in data.split(b"\n\n")]
    return [json.loads(lines[1].removeprefix(b"data: ")) for lines in events if lines[0] == b"event: room"]


async def read_news(stream):
    return events_in(await read_event(stream, b"room"))


def test_post_in_another_room_arrives_as_the_same_small_event(room, other_room, student, classmate):
    sessions = [create_session(user) for user in (student, classmate)]

    async def test(hub):
        streams = [await hub.admit(session, room.pk, 0, 0) for session in sessions]
        post = await run_in_thread(actions.write_post, classmate, other_room, "secret words @sam")
        chunks = [await read_event(stream, b"room") for stream in streams]
        assert [events_in(chunk) for chunk in chunks] == [
            [{"room": other_room.pk, "post": post.pk, "author": classmate.pk}]
        ] * 2
        assert not any(b"secret" in chunk for chunk in chunks)

    run_with_hub(test)


def test_posts_of_one_poll_arrive_as_an_event_each(room, other_room, student, classmate):
    sessions = [create_session(user) for user in (student, classmate)]

    @transaction.atomic
    def write(suffix):
        texts = [(classmate, "one"), (student, "two"), (classmate, "three")]
        return [actions.write_post(author, other_room, text + suffix) for author, text in texts]

    async def test(hub):
        streams = [await hub.admit(session, room.pk, 0, 0) for session in sessions]
        for suffix in ("", " again"):
            posts = await run_in_thread(write, suffix)
            news, same = [await read_news(stream) for stream in streams]
            assert news == same
            assert [(each["post"], each["author"]) for each in news] == [(post.pk, post.author_id) for post in posts]
        later = await hub.admit(sessions[0], None, 0, posts[0].pk)
        assert [news["post"] for news in await read_news(later)] == [post.pk for post in posts[1:]]

    run_with_hub(test)


def test_post_in_the_room_on_screen_arrives_without_an_event(room, other_room, student, classmate):
    session = create_session(student)

    async def test(hub):
        stream = await hub.admit(session, room.pk, 0, 0)
        await run_in_thread(actions.write_post, classmate, room, "here")
        data = await read_event(stream)
        last = await run_in_thread(actions.write_post, classmate, other_room, "there")
        data += await read_event(stream, b"room")
        assert [news["post"] for news in events_in(data)] == [last.pk]

    run_with_hub(test)


def test_stream_of_a_page_without_a_list_receives_no_event(room, other_room, student, classmate):
    session = create_session(student)

    async def test(hub):
        stream = await hub.admit(session, room.pk, 0)
        await run_in_thread(actions.write_post, classmate, other_room, "there")
        await run_in_thread(actions.write_post, classmate, room, "here")
        assert events_in(await read_event(stream)) == []

    run_with_hub(test)


@pytest.mark.parametrize("is_known", [False, True], ids=["first stream", "later stream"])
def test_post_between_the_page_and_its_stream_arrives(room, other_room, student, classmate, is_known):
    known, missed = (PostFactory(room=each, author=classmate) for each in (room, other_room))
    session = create_session(student)

    async def test(hub):
        if is_known:
            first = await hub.admit(session, None, 0, 0)
            assert {news["post"] for news in await read_news(first)} == {known.pk, missed.pk}
        stream = await hub.admit(session, None, 0, known.pk)
        assert await read_news(stream) == [{"room": other_room.pk, "post": missed.pk, "author": classmate.pk}]

    run_with_hub(test)


@pytest.mark.guarantee("lost-access")
@pytest.mark.parametrize("by", ["operation", "database"])
def test_removed_member_receives_no_event_about_the_room(room, other_room, student, classmate, common_room, by):
    session = create_session(student)
    membership = Membership.objects.get(user=student, room=other_room)

    async def test(hub):
        stream = await hub.admit(session, room.pk, 0, 0)
        if by == "operation":
            await run_in_thread(actions.remove_member, membership, other_room.owner)
        else:
            await run_in_thread(membership.delete)
            await hub.check()
        await run_in_thread(actions.write_post, classmate, other_room, "now that they are gone")
        await run_in_thread(actions.write_post, classmate, room, "here")
        data = await read_event(stream)
        await run_in_thread(actions.write_post, classmate, common_room, "there")
        data += await read_event(stream, b"room")
        assert [news["room"] for news in events_in(data)] == [common_room.pk]

    run_with_hub(test)


def test_administrator_receives_no_event_about_rooms_of_others(room, other_room, admin, classmate, common_room):
    session = create_session(admin)

    async def test(hub):
        stream = await hub.admit(session, None, 0, 0)
        await run_in_thread(actions.write_post, classmate, other_room, "there")
        post = await run_in_thread(actions.write_post, classmate, common_room, "for everyone")
        assert [news["post"] for news in await read_news(stream)] == [post.pk]

    run_with_hub(test)
