"""Events that live streams deliver."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from posts import actions
from posts.live.hub import Hub
from posts.models import Membership, Post, Room
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.live import create_session
from posts.tests.live_server import Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_post_edit_removal_and_unread_count_arrive(server, common_room, student, classmate, open_stream):
    stream = open_stream(server, create_session(student), common_room)

    post = actions.write_post(classmate, common_room, "hello @sam")
    first = stream.next("posts")
    assert f'id="post-{post.pk}"' in first["html"]
    assert first["names"] == {str(post.pk): ["sam"]}
    assert stream.next("unread") == {"unread": 1}

    actions.edit_post(post, "hello everyone", classmate)
    assert "hello everyone" in stream.next("posts")["html"]
    assert stream.next("unread") == {"unread": 0}

    actions.remove_post(post, classmate)
    removed = stream.next("posts")
    assert "hello everyone" not in removed["html"]
    assert removed["revision"] == 3


def test_post_through_one_process_arrives_through_another(server, common_room, student, classmate, open_stream):
    with Server() as other:
        stream = open_stream(other, create_session(student), common_room)
        start = time.monotonic()

        assert server.write(create_session(classmate), "from the other process") == 201

        assert "from the other process" in stream.next("posts")["html"]
        assert time.monotonic() - start < 1.5


def test_user_outside_the_room_receives_nothing(frequent_server, student, outsider, teacher, open_stream):
    room = RoomFactory(owner=teacher)
    MembershipFactory(room=room, user=student)
    actions.write_post(teacher, room, "for this class only")

    inside = open_stream(frequent_server, create_session(student), room)
    outside = open_stream(frequent_server, create_session(outsider), room)
    missing = open_stream(frequent_server, create_session(outsider), Room(pk=room.pk + 1000))
    assert "for this class" in inside.next("posts")["html"]
    actions.write_post(teacher, room, "and this @olu")
    assert "and this" in inside.next("posts")["html"]

    for stream in (outside, missing):
        stream.wait_for_heartbeats()
        assert [kind for kind, _data in stream.read_until_quiet(0.1)] == ["gone"]


@pytest.mark.guarantee("lost-access")
@pytest.mark.parametrize("by", ["operation", "database"])
def test_removed_member_receives_nothing_more(frequent_server, student, teacher, open_stream, by):
    room = RoomFactory(owner=teacher)
    membership = MembershipFactory(room=room, user=student)
    stream = open_stream(frequent_server, create_session(student), room)

    if by == "operation":
        actions.remove_member(membership, teacher)
    else:
        Membership.objects.filter(pk=membership.pk).delete()
    actions.write_post(teacher, room, "now that they are gone")

    assert stream.next("gone", timeout=5) == {"room": room.pk}
    stream.wait_for_heartbeats()
    assert [kind for kind, _data in stream.read_until_quiet(0.1)] in ([], ["unread"])
    assert open_stream(frequent_server, create_session(student), room).next("gone") == {"room": room.pk}


def test_posts_that_changed_together_arrive_together(server, common_room, student, classmate, open_stream):
    question = actions.write_post(student, common_room, "Who has the key?")
    replies = [actions.write_post(classmate, common_room, body, reply_to=question) for body in ("I", "Not I")]
    stream = open_stream(server, create_session(student), common_room, after=3)

    actions.edit_post(question, "Who has the other key?", student)

    html = stream.next("posts")["html"]
    assert all(f'id="post-{post.pk}"' in html for post in (question, *replies))
    assert stream.read_until_quiet(0.3) == []


def test_post_whose_transaction_commits_late_is_delivered_in_order(
    frequent_server, common_room, student, classmate, open_stream
):
    stream = open_stream(frequent_server, create_session(student), common_room)
    has_revision, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            actions.write_post(student, common_room, "slow")
            has_revision.set()
            may_commit.wait(10)
        connection.close()

    def write_quickly():
        has_revision.wait(10)
        actions.write_post(classmate, common_room, "quick")
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(write_slowly), pool.submit(write_quickly)]
        assert has_revision.wait(10)
        stream.wait_for_heartbeats()  # long enough for the second writer and several polls
        assert not any(future.done() for future in writing)
        assert stream.read_until_quiet(0.1) == []
        may_commit.set()
        for future in writing:
            future.result()

    first, second = stream.posts(2)
    assert ("slow" in first["html"], first["revision"]) == (True, 1)
    assert ("quick" in second["html"], second["revision"]) == (True, 2)


@pytest.mark.parametrize("path", ["/notifications/read/", "/rooms/common/read/"])
def test_reading_notifications_or_their_room_updates_the_count_on_other_pages(
    server, common_room, student, classmate, client_for, open_stream, path
):
    stream = open_stream(server, create_session(student))
    actions.write_post(classmate, common_room, "hello @sam")
    assert stream.next("unread") == {"unread": 1}

    client_for(student).post(path)

    assert stream.next("unread", timeout=5) == {"unread": 0}


async def open_hub():
    return Hub()


def test_post_is_saved_when_waking_the_streams_fails(client_for, common_room, student, caplog):
    hub = asyncio.run(open_hub())  # its event loop is closed

    response = client_for(student).post(f"/rooms/{common_room.slug}/", {"body": "still saved"})

    assert response.status_code == 302
    assert Post.objects.get().body == "still saved"
    assert "Event loop is closed" in caplog.text
    asyncio.run(hub.stop())
