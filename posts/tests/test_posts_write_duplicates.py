"""Duplicate submissions of a post."""

import re
import uuid

import pytest
from django.utils import timezone

from posts.actions import edit_post, remove_member, remove_post, write_post
from posts.actions.posts import SAME_POST_WITHIN
from posts.models import Membership, Notification, Post
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of, parse_html


def test_same_token_creates_one_post(client_for, student, classmate, room):
    client, fields = client_for(student), {"body": "Hello @kim", "token": uuid.uuid4()}

    responses = [client.post(room.get_absolute_url(), fields) for _number in range(2)]

    assert responses[0]["Location"] == responses[1]["Location"]
    assert Post.objects.count() == 1
    assert Notification.objects.count() == 1


@pytest.fixture
def submit(client_for, student):
    """Return a function that submits a form with a fixed token, and returns the text of the row in the response."""
    client, token = client_for(student), uuid.uuid4()

    def submit(room, body):
        response = client.post(room.get_absolute_url(), {"body": body, "token": token}, headers=FETCH)
        assert response.status_code == 201
        return "".join(parse_html(html_of(response), strict=False).itertext())

    return submit


def edit(post, admin):
    edit_post(post, "Hello", post.author)


def remove(post, admin):
    remove_post(post, admin)


@pytest.mark.parametrize(("change", "text"), [(edit, "Hello"), (remove, "removed by")])
def test_same_token_after_a_change_creates_no_post(submit, admin, room, change, text):
    submit(room, "Helo")
    change(Post.objects.get(), admin)

    assert text in submit(room, "Helo")
    assert Post.objects.count() == 1


@pytest.mark.parametrize("change", [edit, remove, lambda post, admin: None])
def test_different_text_with_a_used_token_creates_a_post(submit, admin, room, change):
    submit(room, "Helo")
    change(Post.objects.get(), admin)

    for body in ("And one more thing", "And one more thing", "Helo"):
        submit(room, body)

    assert Post.objects.count() == 2
    assert Post.objects.latest("pk").body == "And one more thing"
    assert "And one more thing" in submit(room, "And one more thing")


@pytest.mark.parametrize("change", [edit, remove, lambda post, admin: None])
@pytest.mark.parametrize("body", ["The swordfish swims at dawn", "Hello"])
def test_used_token_in_another_room_creates_a_post_there(submit, admin, teacher, room, common_room, change, body):
    submit(room, "The swordfish swims at dawn")
    change(Post.objects.get(), admin)
    remove_member(Membership.objects.get(room=room, user__username="sam"), teacher)

    assert body in submit(common_room, body)
    assert Post.objects.get(room=common_room).body == body


def test_token_of_another_user_is_independent(client_for, student, classmate, room):
    token = uuid.uuid4()

    for user in (student, classmate):
        client_for(user).post(room.get_absolute_url(), {"body": "Hello", "token": token})

    assert Post.objects.count() == 2


def test_same_text_with_different_tokens_creates_two_posts(client_for, student, room):
    client = client_for(student)

    for _number in range(2):
        client.post(room.get_absolute_url(), {"body": "Yes", "token": uuid.uuid4()})

    assert Post.objects.count() == 2


def test_each_page_has_a_new_token(client_for, student, room):
    client = client_for(student)

    pages = [html_of(client.get(room.get_absolute_url())) for _number in range(3)]
    tokens = {re.search(r'name="token" value="([\w-]{36})"', page)[1] for page in pages}

    assert len(tokens) == 3


def test_same_text_without_a_token_creates_one_post_within_the_interval(student, room):
    first = write_post(student, room, "Yes")
    again = write_post(student, room, "Yes")
    Post.objects.update(created_at=timezone.now() - SAME_POST_WITHIN)

    later = write_post(student, room, "Yes")

    assert (again, later == first) == (first, False)


def test_same_text_as_a_reply_or_in_another_room_creates_a_post(student, room, common_room):
    parent = PostFactory(room=room)
    first = write_post(student, room, "Yes")

    others = [write_post(student, room, "Yes", reply_to=parent), write_post(student, common_room, "Yes")]

    assert len({first, *others}) == 3
