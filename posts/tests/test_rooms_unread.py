"""The unread line, the unread dot and marking a room as read."""

import re

import pytest

from posts.actions import mark_read, remove_post, write_post
from posts.models import Membership
from posts.tests.conversation import fill
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def order(page):
    """List what stands in the conversation: ids of posts, and "New" for the line above the unread."""
    return [int(pk) if pk else "New" for pk in re.findall(r'data-(?:unread-line|post="(\d+)")', page)]


def test_line_stands_above_the_first_unread_post_of_others(client, room, student, classmate):
    old, mine, new, newer = (PostFactory(room=room, author=who) for who in (classmate, student, classmate, classmate))
    mark_read(student, room, old.pk)

    page = html_of(client.get(room.get_absolute_url()))

    assert order(page) == [old.pk, mine.pk, "New", new.pk, newer.pk]


def test_no_line_where_all_is_read(client, room, student, room_post):
    mark_read(student, room, room_post.pk)

    assert order(html_of(client.get(room.get_absolute_url()))) == [room_post.pk]


def test_no_line_in_older_pages_nor_for_somebody_who_was_never_there(client, room, common_room, classmate):
    ids = fill(room, classmate, 60)
    PostFactory(room=common_room)

    assert "New" in order(html_of(client.get(room.get_absolute_url())))
    assert "New" not in order(html_of(client.get(room.get_absolute_url(), {"before": ids[55]})))
    assert "New" not in order(html_of(client.get(common_room.get_absolute_url())))


def test_reading_goes_forward_only(client, room, student, classmate):
    first, second = PostFactory.create_batch(2, room=room, author=classmate)

    for upto in (second.pk, first.pk):
        assert client.post("/rooms/chemistry/read/", {"upto": upto}, headers=FETCH).status_code == 204

    assert Membership.objects.get(user=student, room=room).last_read == second.pk


def test_reading_everything_needs_no_number_and_goes_no_further_than_the_room(client, room, student, room_post):
    PostFactory()

    answer = client.post("/rooms/chemistry/read/")
    client.post("/rooms/chemistry/read/", {"upto": 10**9})

    assert answer["Location"] == "/rooms/chemistry/"
    assert Membership.objects.get(user=student, room=room).last_read == room_post.pk


@pytest.mark.parametrize("upto", ["abc", "-1", "9" * 5000, "9" * 19, "\x00", "1.5"])
def test_reading_up_to_what_is_no_post_is_not_understood(client, room, upto):
    assert client.post("/rooms/chemistry/read/", {"upto": upto}).status_code == 400


def test_room_with_news_has_a_dot_until_it_is_read(client, room, student, room_post):
    before = html_of(client.get("/rooms/")).count('class="dot"')
    client.post("/rooms/chemistry/read/")

    assert before == 1
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def test_own_and_removed_posts_are_no_news(client, room, student, classmate):
    write_post(student, room, "Hello")
    remove_post(write_post(classmate, room, "Nonsense"), classmate)

    assert 'class="dot"' not in html_of(client.get("/rooms/"))
