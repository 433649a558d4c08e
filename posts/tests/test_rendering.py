"""Rows are kept rendered, and never shown stale."""

import pytest

from accounts.actions import close_account, save_profile
from posts.actions import edit_post, mark_read, remove_post, write_post
from posts.models import Room
from posts.tests.support import ids_in, page_of, row_of


@pytest.fixture
def parent(room, classmate):
    return write_post(classmate, room, "old words")


@pytest.fixture
def reply(room, student, parent):
    return write_post(student, room, "Indeed, @kim", reply_to=parent)


@pytest.fixture
def row_now(as_, teacher, room):
    """Return a function that gives the row of a post as the page has it now."""
    client = as_(teacher)
    return lambda post: row_of(page_of(client.get(f"/rooms/{Room.objects.get(pk=room.pk).slug}/")), post)


def change_name(student, **_cast):
    student.first_name = "Samuel"
    save_profile(student, ["first_name"])


def change_picture(student, **_cast):
    student.avatar = "avatars/new.webp"
    save_profile(student, ["avatar"])


def edit(student, reply, **_cast):
    edit_post(reply, "Not at all", student)


def edit_parent(classmate, parent, **_cast):
    edit_post(parent, "new words", classmate)


def remove(teacher, reply, **_cast):
    remove_post(reply, teacher)


def remove_parent(teacher, parent, **_cast):
    remove_post(parent, teacher)


def close(student, **_cast):
    close_account(student, student)


def close_parent(classmate, **_cast):
    close_account(classmate, classmate)


def move_room(room, **_cast):
    Room.objects.filter(pk=room.pk).update(slug="chemistry-9b")


@pytest.mark.parametrize(
    ("change", "was", "becomes"),
    [
        (change_name, "Sam Okafor", "Samuel Okafor"),
        (change_picture, '<svg class="avatar', 'src="/media/avatars/new.webp"'),
        (edit, "Indeed", "Not at all"),
        (edit_parent, "old words", "new words"),
        (remove, "Indeed", "removed by whoever runs the room"),
        (remove_parent, "old words", "<i>deleted</i>"),
        (close, "Okafor", "a former student"),
        (close_parent, "kim", "a former member"),
        (close_parent, "@kim", "@someone"),
        (move_room, "/rooms/chemistry/?", "/rooms/chemistry-9b/?"),
    ],
)
def test_change_is_seen_at_once(row_now, student, classmate, teacher, room, parent, reply, change, was, becomes):
    before = row_now(reply)

    change(student=student, classmate=classmate, teacher=teacher, room=room, parent=parent, reply=reply)
    after = row_now(reply)

    assert was in before
    assert becomes not in before
    assert was not in after
    assert becomes in after


def test_kept_row_holds_nothing_of_who_looked_first(as_, student, classmate, teacher, room, parent):
    pages = [page_of(as_(person).get("/rooms/chemistry/")) for person in (classmate, student, teacher, student)]

    rows = [row_of(page, parent) for page in pages]
    assert rows[1] == rows[3]
    assert ["is-mine" in row for row in rows[:3]] == [True, False, False]
    assert ["is-removable" in row for row in rows[:3]] == [True, False, True]


def test_row_is_rendered_once_for_readers_alike(as_, monkeypatch, student, outsider, common_room):
    post = write_post(outsider, common_room, "Hello")
    page_of(as_(student).get("/rooms/common/"))

    monkeypatch.setattr("posts.rendering._render", None)

    assert "Hello" in row_of(page_of(as_(student).get("/rooms/common/")), post)


def test_unread_line_depends_on_the_reader(as_, student, classmate, outsider, common_room):
    posts = [write_post(outsider, common_room, f"Hello {number}") for number in range(3)]
    for person, read in [(student, posts[0]), (classmate, posts[1])]:
        mark_read(person, common_room, read.pk)

    pages = [page_of(as_(person).get("/rooms/common/")) for person in (student, classmate, student, outsider)]

    firsts = [ids_in(page.partition("data-unread-line")[2]) for page in pages]
    assert firsts == [[posts[1].pk, posts[2].pk], [posts[2].pk], [posts[1].pk, posts[2].pk], []]


def test_unread_line_differs_between_all_read_and_nothing_read(as_, student, classmate, teacher, room):
    posts = [write_post(teacher, room, f"Hello {number}") for number in range(2)]
    mark_read(student, room, posts[-1].pk)

    pages = [page_of(as_(person).get(room.get_absolute_url())) for person in (student, classmate, student)]

    assert [ids_in(page.partition("data-unread-line")[2]) for page in pages] == [[], [post.pk for post in posts], []]
