"""The kept frame of a conversation shows each reader their own page, as it is now."""

import re

import pytest
from django.test import Client

from accounts import actions as people
from posts.models import Room
from posts.tests.factories import NotificationFactory, PostFactory

COMMON = "/rooms/common/"


@pytest.fixture
def warm(as_, student, common_room):
    """Return a client of the student's that has seen the conversation, which is not empty."""
    PostFactory(room=common_room)
    client = as_(student)
    client.get(COMMON)
    return client


def shown(client):
    return client.get(COMMON).content.decode()


def test_another_reader_gets_a_page_of_their_own(warm, as_, student, classmate):
    page = shown(as_(classmate))

    assert f"Account of {classmate.username}" in page
    assert f"Account of {student.username}" not in page


def test_a_new_look_is_shown_at_once(warm):
    warm.post("/theme/", {"theme": "dark", "next": COMMON})

    assert 'data-theme="dark"' in shown(warm)


def test_a_new_name_is_shown_at_once(warm, student):
    student.first_name = "Samira"
    people.save_profile(student, ["first_name"])

    assert "Samira Okafor" in shown(warm)


def test_a_renamed_room_is_shown_at_once(warm):
    Room.objects.filter(slug="common").update(name="The great hall")

    assert "<h1>The great hall</h1>" in shown(warm)


def test_the_badge_is_shown_at_once(warm, student):
    NotificationFactory(recipient=student)

    assert 'data-unread-count="1"' in shown(warm)


def test_a_message_is_shown_once(warm, student):
    post = PostFactory(author=student)

    after = warm.post(f"/posts/{post.pk}/delete/", follow=True).content.decode()

    assert "Your post is deleted." in after
    assert "Your post is deleted." not in shown(warm)


def test_the_banner_of_who_waits_goes_with_the_approval(as_, waiting_teacher, admin, common_room):
    PostFactory(room=common_room)
    client = as_(waiting_teacher)
    assert "You are waiting for approval." in shown(client)

    people.approve(type(waiting_teacher).objects.filter(pk=waiting_teacher.pk), admin)

    assert "You are waiting for approval." not in shown(client)


def test_each_page_has_a_token_of_its_own_that_holds(warm, student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)
    tokens, posts = set(), set()
    for number in range(3):
        page = shown(client)
        (csrf,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page))
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        sent = client.post(COMMON, {"body": f"Post {number}", "token": token, "csrfmiddlewaretoken": csrf})
        assert sent.status_code == 302
        tokens.add(token)
        posts.add(sent.url)

    assert len(tokens) == len(posts) == 3
    assert "place-" not in page
