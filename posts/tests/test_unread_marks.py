"""Marking posts as read and unread."""

import re

import pytest

from posts.actions import mark_read, write_post
from posts.models import Membership, Notification
from posts.tests.conversation import create_posts
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory
from posts.tests.support import FETCH, html_of
from posts.tests.test_rooms_unread import find_posts_and_line


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def last_read(user, room):
    return Membership.objects.get(user=user, room=room).last_read


def test_reading_a_room_clears_the_notifications_about_posts_up_to_there(client, student, classmate, room):
    first, second = (write_post(classmate, room, f"@sam {number}") for number in range(2))
    elsewhere = NotificationFactory(recipient=student)
    request = NotificationFactory(recipient=student, post=None, room=room, actor=classmate, kind="applied")
    other_users = NotificationFactory(recipient=classmate, post=first)

    client.post("/rooms/chemistry/read/", {"upto": first.pk})

    unread = set(Notification.objects.unread().values_list("pk", flat=True))
    assert unread == {
        Notification.objects.get(recipient=student, post=second).pk,
        elsewhere.pk,
        request.pk,
        other_users.pk,
    }


def test_posts_are_marked_unread_from_a_post(client, student, classmate, room):
    posts = [write_post(classmate, room, f"Post {number}") for number in range(4)]
    mark_read(student, room, posts[3].pk)

    response = client.post("/rooms/chemistry/read/", {"upto": posts[2].pk, "unread": "1"}, headers=FETCH)

    assert response.status_code == 204
    rows = find_posts_and_line(html_of(client.get("/rooms/chemistry/")))
    assert rows == [posts[0].pk, posts[1].pk, "New", posts[2].pk, posts[3].pk]


def test_marking_posts_as_unread_never_marks_others_as_read(client, student, classmate, room):
    posts = [write_post(classmate, room, f"Post {number}") for number in range(3)]
    mark_read(student, room, posts[0].pk)

    for upto in (posts[2].pk, 10**17):
        client.post("/rooms/chemistry/read/", {"upto": upto, "unread": "1"})

    assert last_read(student, room) == posts[0].pk


def test_marking_all_posts_as_unread(client, student, room, room_post):
    mark_read(student, room, room_post.pk)

    for upto in ("1", "0"):
        assert client.post("/rooms/chemistry/read/", {"upto": upto, "unread": "1"})["Location"] == "/rooms/chemistry/"

    assert last_read(student, room) == 0


@pytest.mark.parametrize("upto", ["", "abc", "-1", "9" * 5000, "\x00", "1.5"])
def test_marking_as_unread_requires_a_post(client, room, upto):
    assert client.post("/rooms/chemistry/read/", {"upto": upto, "unread": "1"}).status_code == 400


def test_administrator_who_marks_a_room_as_unread_does_not_join_it(client_for, admin, room, room_post):
    client_for(admin).post("/rooms/chemistry/read/", {"upto": room_post.pk, "unread": "1"})

    assert not Membership.objects.filter(user=admin, room=room).exists()


def test_all_rooms_are_marked_as_read(client, student, classmate, room, common_room):
    hidden = MembershipFactory(user=student, room=RoomFactory(), state=Membership.State.LEFT)
    for posted in (room, common_room, hidden.room):
        PostFactory(room=posted, author=classmate)
    mention = write_post(classmate, room, "@sam")
    others = Membership.objects.get(user=classmate, room=room)

    response = client.post("/rooms/all/read/")

    assert response["Location"] == "/rooms/"
    assert last_read(student, room) == mention.pk
    common_room.refresh_from_db()
    assert last_read(student, common_room) == common_room.newest_post
    assert last_read(classmate, room) == others.last_read
    assert not Notification.objects.unread().filter(recipient=student).exists()


def test_author_without_unread_posts_has_read_their_own_post(student, classmate, room):
    mark_read(student, room, write_post(classmate, room, "Hello").pk)

    own = [write_post(student, room, f"Own {number}").pk for number in range(2)]

    assert last_read(student, room) == own[1]


def test_author_with_unread_posts_still_has_them(client, student, classmate, room):
    read = write_post(classmate, room, "Read")
    mark_read(student, room, read.pk)
    unread = write_post(classmate, room, "Unread")
    own = [write_post(student, room, f"Own {number}").pk for number in range(2)]

    assert last_read(student, room) == read.pk
    assert find_posts_and_line(html_of(client.get("/rooms/chemistry/"))) == [read.pk, "New", unread.pk, *own]


@pytest.mark.parametrize(("number", "text"), [(1, "1 new"), (12, "12 new"), (70, "70 new"), (130, "99+ new")])
def test_line_shows_the_number_of_unread_posts(client, student, classmate, room, number, text):
    ids = create_posts(room, classmate, number + 1)
    type(room).objects.filter(pk=room.pk).update(newest_post=ids[-1])
    mark_read(student, room, ids[0])

    assert re.search(rf"data-unread-line>\s*{re.escape(text)}\s*<", html_of(client.get("/rooms/chemistry/")))
