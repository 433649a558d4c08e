"""The unread line, the unread dot and marking a room as read."""

import re

import pytest

from posts.actions import mark_read, remove_post, write_post
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


def test_older_pages_and_first_visits_have_no_line(client, room, common_room, classmate):
    ids = create_posts(room, classmate, 60)
    PostFactory(room=common_room)

    assert "New" in find_posts_and_line(html_of(client.get(room.get_absolute_url())))
    assert "New" not in find_posts_and_line(html_of(client.get(room.get_absolute_url(), {"before": ids[55]})))
    assert "New" not in find_posts_and_line(html_of(client.get(common_room.get_absolute_url())))


def test_last_read_never_decreases(client, room, student, classmate):
    first, second = PostFactory.create_batch(2, room=room, author=classmate)

    for upto in (second.pk, first.pk):
        assert client.post("/rooms/chemistry/read/", {"upto": upto}, headers=FETCH).status_code == 204

    assert Membership.objects.get(user=student, room=room).last_read == second.pk


def test_last_read_is_limited_to_the_newest_post_of_the_room(client, room, student, room_post):
    PostFactory()

    response = client.post("/rooms/chemistry/read/")
    client.post("/rooms/chemistry/read/", {"upto": 10**9})

    assert response["Location"] == "/rooms/chemistry/"
    assert Membership.objects.get(user=student, room=room).last_read == room_post.pk


@pytest.mark.parametrize("upto", ["abc", "-1", "9" * 5000, "9" * 19, "\x00", "1.5"])
def test_invalid_upto_returns_400(client, room, upto):
    assert client.post("/rooms/chemistry/read/", {"upto": upto}).status_code == 400


def test_room_with_unread_posts_has_a_dot_until_read(client, room, student, room_post):
    before = html_of(client.get("/rooms/")).count('class="dot"')
    client.post("/rooms/chemistry/read/")

    assert before == 1
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def test_own_and_removed_posts_are_not_unread(client, room, student, classmate):
    write_post(student, room, "Hello")
    remove_post(write_post(classmate, room, "Nonsense"), classmate)

    assert 'class="dot"' not in html_of(client.get("/rooms/"))
