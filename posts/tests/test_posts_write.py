"""Writing a post with the form and with a script."""

import pytest

from posts.actions import write_post
from posts.models import Membership, Post
from posts.tests.support import FETCH, html_of, post_ids_in


def test_plain_form_goes_on_to_the_post(client_for, student, room):
    answer = client_for(student).post(room.get_absolute_url(), {"body": "Hello"})

    post = Post.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/rooms/chemistry/#post-{post.pk}")
    assert (post.author_id, post.room, post.body, post.reply_to) == (student.pk, room, "Hello", None)


def test_script_gets_the_row(client_for, student, room):
    answer = client_for(student).post(room.get_absolute_url(), {"body": "Hello"}, headers=FETCH)

    post = Post.objects.get()
    assert answer.status_code == 201
    assert post_ids_in(html_of(answer)) == [post.pk]
    assert "Hello" in html_of(answer)
    assert "<html" not in html_of(answer)


def test_reply_keeps_the_post_that_it_answers(client_for, student, room_post):
    client_for(student).post(room_post.room.get_absolute_url(), {"body": "Indeed", "reply_to": room_post.pk})

    assert Post.objects.get(body="Indeed").reply_to == room_post


def test_fields_that_the_form_does_not_have_change_nothing(client_for, student, classmate, room, common_room):
    sent = {"body": "Hello", "author": classmate.pk, "room": common_room.pk, "created_at": "2001-01-01", "revision": 99}

    client_for(student).post(room.get_absolute_url(), sent)

    post = Post.objects.get()
    assert (post.author_id, post.room_id, post.revision) == (student.pk, room.pk, 1)
    assert post.created_at.year > 2001


def test_writing_reads_the_room_up_to_there(student, room):
    post = write_post(student, room, "Yes")

    assert Membership.objects.get(user=student, room=room).last_read == post.pk


def test_visitor_writes_nothing(client_for, common_room):
    answer = client_for(None).post(common_room.get_absolute_url(), {"body": "Hello"})

    assert answer["Location"] == "/login/?next=/rooms/common/"
    assert not Post.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client_for, student, room, method):
    assert getattr(client_for(student), method)(room.get_absolute_url()).status_code == 405
