"""Editing a post, and its audit log."""

import re

import pytest
from django.utils import timezone

from accounts.audit import CHANGE
from posts.actions import write_post
from posts.models import Post
from posts.tests.audit import audit_entries
from posts.tests.factories import PostFactory
from posts.tests.support import find_row, html_of

EDITED = "post-edited"


@pytest.fixture
def post(student, room):
    """A post by `student` in the room of `teacher`."""
    return write_post(student, room, "The cat is out")


def test_new_post_is_not_in_the_audit_log(post):
    assert audit_entries(post) == []


def test_author_edits_own_post(client_for, student, post):
    response = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": " The cat\r\nis in "})

    post.refresh_from_db()
    assert response["Location"] == f"/posts/{post.pk}/"
    assert post.body == "The cat\nis in"
    assert post.edited_at is not None
    assert audit_entries(post) == [("sam", CHANGE, ["body"], "")]


def test_edited_post_is_marked(client_for, student, classmate, post):
    client = client_for(classmate)
    before = html_of(client.get("/rooms/chemistry/"))

    client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The cat is in"})
    after = html_of(client.get("/rooms/chemistry/"))

    assert EDITED not in find_row(before, post)
    assert EDITED in find_row(after, post)
    assert "The cat is out" not in after
    assert "· edited" in html_of(client.get("/users/sam/"))


def test_edit_without_changes_is_not_recorded(client_for, student, post):
    client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The cat is out"})

    unchanged = Post.objects.get(pk=post.pk)
    assert (unchanged.edited_at, unchanged.revision) == (None, post.revision)
    assert audit_entries(post) == []


@pytest.mark.parametrize(("body", "problem"), [("", "Write something first."), ("x" * 141, "1 character too long")])
def test_invalid_edit_preserves_the_post_and_the_submitted_text(client_for, student, post, body, problem):
    response = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": body})

    post.refresh_from_db()
    page = html_of(response)
    assert response.status_code == 200
    assert problem in page
    assert post.body == "The cat is out"
    assert re.search(rf"<textarea[^>]*>\s*{body}\s*</textarea>", page)


@pytest.mark.parametrize(
    ("body", "problem"), [("x" * 199, ""), ("y" * 200, "1 character too long"), ("x" * 202, "3 characters too long")]
)
def test_post_that_is_longer_than_the_limit_can_only_be_made_shorter(client_for, student, room, body, problem):
    post = PostFactory(room=room, author=student, body="x" * 200)

    response = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": body})

    assert response.status_code == (200 if problem else 302)
    assert problem in html_of(response)
    assert Post.objects.get().body == ("x" * 200 if problem else body)


def test_long_post_can_be_saved_without_changes(client_for, student, room):
    post = PostFactory(room=room, author=student, body="x" * 200)

    assert client_for(student).post(f"/posts/{post.pk}/edit/", {"body": post.body}).status_code == 302


def test_edit_without_fields_is_an_error(client_for, student, post):
    assert "Write something first." in html_of(client_for(student).post(f"/posts/{post.pk}/edit/", {}))


@pytest.mark.parametrize("user", ["classmate", "teacher", "admin"])
def test_only_the_author_can_edit(client_for, request, post, user):
    client = client_for(request.getfixturevalue(user))

    responses = [client.get(f"/posts/{post.pk}/edit/"), client.post(f"/posts/{post.pk}/edit/", {"body": "Changed"})]

    post.refresh_from_db()
    assert [response.status_code for response in responses] == [403, 403]
    assert post.body == "The cat is out"
    assert "The cat is out" not in html_of(responses[0])


def test_removed_post_cannot_be_edited(client_for, student, post):
    Post.objects.update(removed_at=timezone.now())
    client = client_for(student)

    responses = [client.get(f"/posts/{post.pk}/edit/"), client.post(f"/posts/{post.pk}/edit/", {"body": "Changed"})]

    assert [response.status_code for response in responses] == [403, 403]
    assert "The cat is out" not in html_of(responses[0])
    assert Post.objects.get().body == "The cat is out"


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_get_and_head_change_nothing(client_for, student, post, action):
    client_for(student).get(f"/posts/{post.pk}/{action}/")
    client_for(student).head(f"/posts/{post.pk}/{action}/")

    unchanged = Post.objects.get()
    assert (unchanged.body, unchanged.edited_at, unchanged.removed_at) == (post.body, None, None)
