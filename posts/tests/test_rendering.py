"""Rows of posts are cached, and are rendered again when they change."""

import pytest

from accounts.actions import close_account, save_profile
from accounts.models import User
from posts.actions import edit_post, mark_read, remove_post, write_post
from posts.models import Room
from posts.tests.support import find_row, html_of, post_ids_in


@pytest.fixture
def parent(room, classmate, outsider):
    return write_post(classmate, room, "old text, @olu")


@pytest.fixture
def reply(room, student, parent):
    return write_post(student, room, "Indeed, @kim", reply_to=parent)


@pytest.fixture
def fetch_row(client_for, teacher, room):
    """Return a function that returns the current row of a post on the page."""
    client = client_for(teacher)
    return lambda post: find_row(html_of(client.get(f"/rooms/{Room.objects.get(pk=room.pk).slug}/")), post)


def change_name(student, **_objects):
    student.first_name = "Samuel"
    save_profile(student, ["first_name"])


def change_picture(student, **_objects):
    student.avatar = "avatars/new.webp"
    save_profile(student, ["avatar"])


def edit(student, reply, **_objects):
    edit_post(reply, "Not at all", student)


def edit_parent(classmate, parent, **_objects):
    edit_post(parent, "new text", classmate)


def remove(teacher, reply, **_objects):
    remove_post(reply, teacher)


def remove_parent(teacher, parent, **_objects):
    remove_post(parent, teacher)


def close(student, **_objects):
    close_account(student, student)


def close_parent(classmate, **_objects):
    close_account(classmate, classmate)


def close_mentioned_in_parent(**_objects):
    outsider = User.objects.get(username="olu")
    close_account(outsider, outsider)


def move_room(room, **_objects):
    Room.objects.filter(pk=room.pk).update(slug="chemistry-9b")


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (change_name, "Sam Okafor", "Samuel Okafor"),
        (change_picture, '<svg class="avatar', 'src="/media/avatars/new.webp"'),
        (edit, "Indeed", "Not at all"),
        (edit_parent, "old text", "new text"),
        (remove, "Indeed", "removed by a moderator"),
        (remove_parent, "old text", "<i>deleted</i>"),
        (close, "Okafor", "a former student"),
        (close_parent, "Kim Lund", "a former student"),
        (close_parent, "@kim", "@someone"),
        (close_mentioned_in_parent, "@olu", "@someone"),
        (move_room, "/rooms/chemistry/?", "/rooms/chemistry-9b/?"),
    ],
)
def test_change_updates_the_row(fetch_row, student, classmate, teacher, room, parent, reply, change, old, new):
    before = fetch_row(reply)

    change(student=student, classmate=classmate, teacher=teacher, room=room, parent=parent, reply=reply)
    after = fetch_row(reply)

    assert old in before
    assert new not in before
    assert old not in after
    assert new in after


def test_cached_row_does_not_depend_on_the_first_reader(client_for, student, classmate, teacher, room, parent):
    pages = [html_of(client_for(user).get("/rooms/chemistry/")) for user in (classmate, student, teacher, student)]

    rows = [find_row(page, parent) for page in pages]
    assert rows[1] == rows[3]
    assert ["is-mine" in row for row in rows[:3]] == [True, False, False]
    assert ["is-removable" in row for row in rows[:3]] == [True, False, True]


def test_row_is_rendered_once(client_for, monkeypatch, student, outsider, common_room):
    post = write_post(outsider, common_room, "Hello")
    html_of(client_for(student).get("/rooms/common/"))

    monkeypatch.setattr("posts.rendering._render", None)

    assert "Hello" in find_row(html_of(client_for(student).get("/rooms/common/")), post)


def test_unread_line_depends_on_the_reader(client_for, student, classmate, outsider, common_room):
    posts = [write_post(outsider, common_room, f"Hello {number}") for number in range(3)]
    for user, read in [(student, posts[0]), (classmate, posts[1])]:
        mark_read(user, common_room, read.pk)

    pages = [html_of(client_for(user).get("/rooms/common/")) for user in (student, classmate, student, outsider)]

    firsts = [post_ids_in(page.partition("data-unread-line")[2]) for page in pages]
    assert firsts == [[posts[1].pk, posts[2].pk], [posts[2].pk], [posts[1].pk, posts[2].pk], []]


def test_unread_line_is_before_the_first_unread_post(client_for, student, classmate, teacher, room):
    posts = [write_post(teacher, room, f"Hello {number}") for number in range(2)]
    mark_read(student, room, posts[-1].pk)

    pages = [html_of(client_for(user).get(room.get_absolute_url())) for user in (student, classmate, student)]

    assert [post_ids_in(page.partition("data-unread-line")[2]) for page in pages] == [
        [],
        [post.pk for post in posts],
        [],
    ]
