"""Live streams of clients that missed posts."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from posts import actions
from posts.live.queries import MAX_MISSED
from posts.models import Post, Room
from posts.tests.factories import PostFactory
from posts.tests.live import create_session

pytestmark = pytest.mark.django_db(transaction=True)


def create_posts(room, author, number):
    """Create posts as `write_post` does, but with few queries."""
    revision = Room.objects.get(pk=room.pk).revision
    posts = PostFactory.build_batch(number, room=room, author=author)
    for number, post in enumerate(posts, start=1):
        post.revision = revision + number
    Post.objects.bulk_create(posts)
    Room.objects.filter(pk=room.pk).update(revision=posts[-1].revision, newest_post=posts[-1].pk)
    return posts


def post_ids_in(events):
    return [int(event["html"].split('id="post-')[1].split('"')[0]) for event in events]


@pytest.mark.guarantee("catch-up")
def test_stream_that_missed_500_posts_gets_each_once_in_order(
    server, common_room, student, classmate, open_stream, record_property
):
    session = create_session(student)
    stream = open_stream(server, session, common_room)
    actions.write_post(classmate, common_room, "the last one seen")
    stream.next("posts")
    stream.close()
    written = [post.pk for post in create_posts(common_room, classmate, 500)]
    edited = Post.objects.get(pk=written[7])
    actions.edit_post(edited, "edited", classmate)

    reconnected = open_stream(server, session, common_room, last_id=stream.last_id)
    events = reconnected.posts(500)

    record_property("figure", f"{len(post_ids_in(events))} posts")
    assert post_ids_in(events) == [pk for pk in written if pk != edited.pk] + [edited.pk]
    assert "edited" in events[-1]["html"]
    assert reconnected.read_until_quiet(0.5) == []


def test_posts_written_during_a_replay_arrive_once_after_it(server, common_room, student, classmate, open_stream):
    create_posts(common_room, classmate, 200)
    session = create_session(student)

    with ThreadPoolExecutor(1) as pool:

        def write():
            for number in range(60):
                actions.write_post(classmate, common_room, f"concurrent {number}")
            connection.close()

        writing = pool.submit(write)
        streams = [open_stream(server, session, common_room) for _ in range(5)]
        writing.result()

    for stream in streams:
        assert [event["revision"] for event in stream.posts(260)] == list(range(1, 261))
        assert stream.read_until_quiet(0.3) == []


@pytest.mark.parametrize("missed", [MAX_MISSED, MAX_MISSED + 1])
def test_client_that_missed_more_than_1000_posts_reloads(server, common_room, student, classmate, open_stream, missed):
    create_posts(common_room, classmate, missed)
    # This client missed one post and receives it, whether or not the other client must reload.
    recent = open_stream(server, create_session(student), common_room, after=missed - 1)

    stream = open_stream(server, create_session(student), common_room)

    assert recent.next("posts")["revision"] == missed
    if missed > MAX_MISSED:
        assert stream.next("reload") == {"room": common_room.pk}
        assert stream.read_until_quiet(0.3) == []
    else:
        assert len(stream.posts(missed)) == missed


def test_client_that_is_ahead_of_the_database_reloads(server, common_room, student, open_stream):
    stream = open_stream(server, create_session(student), common_room, after=7)

    assert stream.next("reload") == {"room": common_room.pk}
