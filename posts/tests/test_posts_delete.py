"""Deleting a post, by its author or a moderator, and its audit log."""

import pytest

from accounts.audit import DELETION
from posts.actions import write_post
from posts.models import Post
from posts.tests.audit import records
from posts.tests.factories import PostFactory
from posts.tests.support import find_row, html_of


@pytest.fixture
def post(student, room):
    """What student said in the teacher's room."""
    return write_post(student, room, "The cat is out")


def test_author_deletes_after_being_asked(client_for, student, post):
    client = client_for(student)

    asked = client.get(f"/posts/{post.pk}/delete/")
    answer = client.post(f"/posts/{post.pk}/delete/", {"reason": "not asked for"})

    post.refresh_from_db()
    assert "Delete this post?" in html_of(asked)
    assert 'name="reason"' not in html_of(asked)
    assert answer["Location"] == "/rooms/chemistry/"
    assert (post.is_removed, post.removed_by_id) == (True, student.pk)
    assert records(post)[1:] == [("sam", DELETION, [], "")]
    assert "This post was deleted by its author." in find_row(html_of(client.get("/rooms/chemistry/")), post)


@pytest.mark.parametrize("person", ["teacher", "admin"])
def test_whoever_runs_the_room_removes_with_a_reason(client_for, request, student, post, person):
    person = request.getfixturevalue(person)
    client = client_for(person)

    asked = client.get(f"/posts/{post.pk}/delete/")
    client.post(f"/posts/{post.pk}/delete/", {"reason": "Names\na child"})

    post.refresh_from_db()
    assert "Remove this post?" in html_of(asked)
    assert 'name="reason"' in html_of(asked)
    assert post.removed_by_id == person.pk
    assert records(post)[1:] == [(person.username, DELETION, [], "Names a child")]
    assert "removed by whoever runs the room" in find_row(html_of(client_for(student).get("/rooms/chemistry/")), post)


def test_reason_may_be_left_out_and_not_be_long(client_for, teacher, post):
    client = client_for(teacher)

    too_long = client.post(f"/posts/{post.pk}/delete/", {"reason": "x" * 201})
    standing = not Post.objects.get().is_removed
    client.post(f"/posts/{post.pk}/delete/", {})

    assert (too_long.status_code, standing) == (200, True)
    assert "x" * 201 in html_of(too_long)
    assert Post.objects.get().is_removed
    assert records(post)[1:] == [("ms.hale", DELETION, [], "")]


def test_nobody_else_removes(client_for, classmate, post):
    client = client_for(classmate)

    answers = [client.get(f"/posts/{post.pk}/delete/"), client.post(f"/posts/{post.pk}/delete/", {"reason": "x"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Post.objects.get().is_removed


def test_owner_of_another_room_removes_nothing_in_the_common_room(client_for, teacher, room):
    post = PostFactory()

    assert client_for(teacher).post(f"/posts/{post.pk}/delete/", {"reason": "x"}).status_code == 403


def test_post_is_removed_once(client_for, student, teacher, post):
    client_for(student).post(f"/posts/{post.pk}/delete/")

    assert client_for(teacher).post(f"/posts/{post.pk}/delete/", {"reason": "x"}).status_code == 403
    assert len(records(post)) == 2


def test_deleted_words_are_nowhere_and_the_thread_stays_readable(client_for, student, classmate, teacher, room):
    parent = write_post(student, room, "@kim the cat is out")
    reply = write_post(classmate, room, "Which cat?", reply_to=parent)
    mine = client_for(student)
    mine.post(f"/posts/{parent.pk}/delete/")

    room_page = html_of(client_for(classmate).get("/rooms/chemistry/"))
    assert "Which cat?" in find_row(room_page, reply)
    assert "<i>deleted</i>" in find_row(room_page, reply)
    assert "deleted by its author" in find_row(room_page, parent)
    for person in (classmate, teacher, student):
        client = client_for(person)
        for path in (
            "/rooms/chemistry/", f"/rooms/chemistry/?at={parent.pk}", f"/rooms/chemistry/?reply_to={parent.pk}",
            "/rooms/chemistry/updates/?after=0", "/users/sam/", "/users/kim/", "/users/sam/popover/",
            "/notifications/", client.get("/home/")["Location"], f"/posts/{reply.pk}/delete/",
        ):  # fmt: skip
            assert "cat is out" not in html_of(client.get(path)), path
    for person in (classmate, teacher):
        assert "cat is out" not in html_of(client_for(person).get("/account/export/"))


def test_permanent_address_of_a_deleted_post_still_leads_to_its_place(client_for, student, post):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")

    assert client.get(f"/posts/{post.pk}/", follow=True).status_code == 200
