"""The unread line, and marking a room as read."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posts.actions import mark_read, remove_post
from posts.models import Membership
from posts.tests.conversation import create_posts
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def find_posts_and_line(page):
    """Return the ids of the posts on a page in order, with "New" for the unread line."""
    return [int(pk) if pk else "New" for pk in re.findall(r'data-(?:unread-line|post="(\d+)")', page)]


def test_unread_line_is_above_first_unread_post_of_another_user(client, room, student, classmate):
    old, own, new, newer = (
        PostFactory(room=room, author=author) for author in (classmate, student, classmate, classmate)
    )
    mark_read(student, room, old.pk)

    page = html_of(client.get(room.get_absolute_url()))

    assert find_posts_and_line(page) == [old.pk, own.pk, "New", new.pk, newer.pk]


def test_room_without_unread_posts_has_no_line(client, room, student, room_post):
    mark_read(student, room, room_post.pk)

    assert find_posts_and_line(html_of(client.get(room.get_absolute_url()))) == [room_post.pk]


@pytest.mark.parametrize("unread", [49, 50, 51, 63, 300])
def test_line_is_above_the_first_of_many_unread_posts(client, room, student, classmate, unread):
    ids = create_posts(room, classmate, 400)
    mark_read(student, room, ids[-unread - 1])

    rows = find_posts_and_line(html_of(client.get(room.get_absolute_url())))

    assert rows[rows.index("New") - 1 : rows.index("New") + 2] == [ids[-unread - 1], "New", ids[-unread]]
    assert rows.count("New") == 1


def test_other_pages_have_the_line_if_the_first_unread_post_is_on_them(client, room, student, classmate):
    ids = create_posts(room, classmate, 200)
    mark_read(student, room, ids[70])

    for query, has_line in (
        ({"before": ids[100]}, True),
        ({"before": ids[60]}, False),
        ({"after": ids[50]}, True),
        ({"after": ids[70]}, False),
        ({"after": ids[150]}, False),
        ({"at": ids[71]}, True),
        ({"at": ids[199]}, False),
    ):
        assert ("New" in find_posts_and_line(html_of(client.get(room.get_absolute_url(), query)))) is has_line, query


def test_first_visit_starts_at_the_newest_post_without_a_line(client, room, common_room, classmate):
    ids = create_posts(room, classmate, 60)
    PostFactory(room=common_room)

    assert find_posts_and_line(html_of(client.get(room.get_absolute_url()))) == ids[10:]
    assert "New" not in find_posts_and_line(html_of(client.get(common_room.get_absolute_url())))


def test_removed_post_has_no_line(client, room, student, classmate):
    read, removed, new = (PostFactory(room=room, author=classmate) for _number in range(3))
    mark_read(student, room, read.pk)
    remove_post(removed, classmate)

    assert find_posts_and_line(html_of(client.get(room.get_absolute_url()))) == [read.pk, removed.pk, "New", new.pk]


def test_last_read_never_decreases(client, room, student, classmate):
    first, second = PostFactory.create_batch(2, room=room, author=classmate)

    for upto in (second.pk, first.pk):
        assert client.post("/rooms/chemistry/read/", {"upto": upto}, headers=FETCH).status_code == 204

    assert Membership.objects.get(user=student, room=room).last_read == second.pk


def test_post_that_has_been_read_is_not_saved_again(client, room, student, room_post):
    with CaptureQueriesContext(connection) as first:
        response = client.post("/rooms/chemistry/read/", {"upto": room_post.pk, "beacon": "yes"})
    with CaptureQueriesContext(connection) as second:
        client.post("/rooms/chemistry/read/", {"upto": room_post.pk, "beacon": "yes"})

    assert response.status_code == 204
    assert any("UPDATE" in query["sql"] for query in first)
    assert not any("UPDATE" in query["sql"] or "SAVEPOINT" in query["sql"] for query in second)


def test_last_read_is_limited_to_the_newest_post_of_the_room(client, room, student, room_post):
    PostFactory()

    response = client.post("/rooms/chemistry/read/")
    client.post("/rooms/chemistry/read/", {"upto": 10**9})

    assert response["Location"] == "/rooms/chemistry/"
    assert Membership.objects.get(user=student, room=room).last_read == room_post.pk


@pytest.mark.parametrize("upto", ["abc", "-1", "9" * 5000, "9" * 19, "\x00", "1.5"])
def test_invalid_upto_returns_400(client, room, upto):
    assert client.post("/rooms/chemistry/read/", {"upto": upto}).status_code == 400
