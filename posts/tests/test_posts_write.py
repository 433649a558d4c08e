"""Writing a post with the form and with a script."""

import pytest

from posts.actions import write_post
from posts.models import Membership, Post
from posts.tests.support import FETCH, html_of, post_ids_in


def test_plain_form_redirects_to_the_post(client_for, student, room):
    response = client_for(student).post(room.get_absolute_url(), {"body": "Hello"})

    post = Post.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/rooms/chemistry/#post-{post.pk}")
    assert (post.author_id, post.room, post.body, post.reply_to) == (student.pk, room, "Hello", None)


def test_fetch_returns_the_row(client_for, student, room):
    response = client_for(student).post(room.get_absolute_url(), {"body": "Hello"}, headers=FETCH)

    post = Post.objects.get()
    assert response.status_code == 201
    assert post_ids_in(html_of(response)) == [post.pk]
    assert "Hello" in html_of(response)
    assert "<html" not in html_of(response)


def test_reply_refers_to_its_parent(client_for, student, room_post):
    client_for(student).post(room_post.room.get_absolute_url(), {"body": "Indeed", "reply_to": room_post.pk})

    assert Post.objects.get(body="Indeed").reply_to == room_post


def test_unknown_fields_are_ignored(client_for, student, classmate, room, common_room):
    fields = {
        "body": "Hello",
        "author": classmate.pk,
        "room": common_room.pk,
        "created_at": "2001-01-01",
        "revision": 99,
    }

    client_for(student).post(room.get_absolute_url(), fields)

    post = Post.objects.get()
    assert (post.author_id, post.room_id, post.revision) == (student.pk, room.pk, 1)
    assert post.created_at.year > 2001


def test_writing_marks_the_room_as_read_up_to_the_post(student, room):
    post = write_post(student, room, "Yes")

    assert Membership.objects.get(user=student, room=room).last_read == post.pk


def test_visitor_is_redirected_to_sign_in(client_for, common_room):
    response = client_for(None).post(common_room.get_absolute_url(), {"body": "Hello"})

    assert response["Location"] == "/login/?next=/rooms/common/"
    assert not Post.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_return_405(client_for, student, room, method):
    assert getattr(client_for(student), method)(room.get_absolute_url()).status_code == 405
