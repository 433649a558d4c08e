"""Editing a post, and its audit log."""

import re

import pytest
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE
from posts.actions import write_post
from posts.models import Post
from posts.tests.audit import records
from posts.tests.support import find_row, html_of

EDITED = "post-edited"


@pytest.fixture
def post(student, room):
    """What student said in the teacher's room."""
    return write_post(student, room, "The cat is out")


def test_writing_is_on_record_once(post):
    assert records(post) == [("sam", ADDITION, [], "")]


def test_author_edits(client_for, student, post):
    answer = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": " The cat\r\nis in "})

    post.refresh_from_db()
    assert answer["Location"] == f"/posts/{post.pk}/"
    assert post.body == "The cat\nis in"
    assert post.edited_at is not None
    assert records(post)[1:] == [("sam", CHANGE, ["body"], "")]


def test_edited_is_shown(client_for, student, classmate, post):
    client = client_for(classmate)
    before = html_of(client.get("/rooms/chemistry/"))

    client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The cat is in"})
    after = html_of(client.get("/rooms/chemistry/"))

    assert EDITED not in find_row(before, post)
    assert EDITED in find_row(after, post)
    assert "The cat is out" not in after
    assert "· edited" in html_of(client.get("/users/sam/"))


def test_edit_without_a_change_leaves_no_trace(client_for, student, post):
    client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The cat is out"})

    unchanged = Post.objects.get(pk=post.pk)
    assert (unchanged.edited_at, unchanged.revision) == (None, post.revision)
    assert len(records(post)) == 1


@pytest.mark.parametrize(
    ("body", "problem"), [("", "Write something first."), ("x" * 141, "A post may have 140 characters")]
)
def test_edit_that_cannot_be_keeps_the_post_and_what_was_typed(client_for, student, post, body, problem):
    answer = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": body})

    post.refresh_from_db()
    page = html_of(answer)
    assert answer.status_code == 200
    assert problem in page
    assert post.body == "The cat is out"
    assert re.search(rf"<textarea[^>]*>\s*{body}\s*</textarea>", page)


def test_edit_without_any_field_is_an_error(client_for, student, post):
    assert "Write something first." in html_of(client_for(student).post(f"/posts/{post.pk}/edit/", {}))


@pytest.mark.parametrize("person", ["classmate", "teacher", "admin"])
def test_nobody_edits_for_another(client_for, request, post, person):
    client = client_for(request.getfixturevalue(person))

    answers = [client.get(f"/posts/{post.pk}/edit/"), client.post(f"/posts/{post.pk}/edit/", {"body": "Changed"})]

    post.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403]
    assert post.body == "The cat is out"
    assert "The cat is out" not in html_of(answers[0])


def test_removed_post_is_not_edited(client_for, student, post):
    Post.objects.update(removed_at=timezone.now())
    client = client_for(student)

    answers = [client.get(f"/posts/{post.pk}/edit/"), client.post(f"/posts/{post.pk}/edit/", {"body": "Changed"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "The cat is out" not in html_of(answers[0])
    assert Post.objects.get().body == "The cat is out"


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_looking_changes_nothing(client_for, student, post, verb):
    client_for(student).get(f"/posts/{post.pk}/{verb}/")
    client_for(student).head(f"/posts/{post.pk}/{verb}/")

    unchanged = Post.objects.get()
    assert (unchanged.body, unchanged.edited_at, unchanged.removed_at) == (post.body, None, None)
