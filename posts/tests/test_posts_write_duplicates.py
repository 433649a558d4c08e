"""Duplicate submissions of a post."""

import re
import uuid

from django.utils import timezone

from posts.actions import write_post
from posts.actions.posts import SAME_POST_WITHIN
from posts.models import Notification, Post
from posts.tests.factories import PostFactory
from posts.tests.support import html_of


def test_same_token_creates_one_post(client_for, student, classmate, room):
    client, fields = client_for(student), {"body": "Hello @kim", "token": uuid.uuid4()}

    responses = [client.post(room.get_absolute_url(), fields) for _number in range(2)]

    assert responses[0]["Location"] == responses[1]["Location"]
    assert Post.objects.count() == 1
    assert Notification.objects.count() == 1


def test_same_token_after_an_edit_creates_no_post(client_for, student, room):
    client, token = client_for(student), uuid.uuid4()
    client.post(room.get_absolute_url(), {"body": "Helo", "token": token})
    client.post(f"/posts/{Post.objects.get().pk}/edit/", {"body": "Hello"})

    client.post(room.get_absolute_url(), {"body": "Helo", "token": token})

    assert Post.objects.get().body == "Hello"


def test_different_text_with_a_used_token_creates_a_post(client_for, student, room):
    client, token = client_for(student), uuid.uuid4()

    for body in ("Hello", "Hello, and one more thing", "Hello, and one more thing", "Hello"):
        client.post(room.get_absolute_url(), {"body": body, "token": token})

    assert [post.body for post in Post.objects.order_by("pk")] == ["Hello", "Hello, and one more thing"]


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
