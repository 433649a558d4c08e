"""The list of notifications, and marking them as read."""

import re

import pytest

from accounts.tests.helpers import Page
from posts.actions import edit_post, write_post
from posts.models import Notification, Post
from posts.tests.factories import NotificationFactory
from posts.tests.support import html_of


def test_list_shows_own_notifications_newest_first_with_links(client_for, student, classmate, room_post):
    entries = [NotificationFactory(recipient=student, post__author=classmate) for _number in range(3)]
    NotificationFactory(recipient=classmate, post__body="For another user")

    client = client_for(student)
    page = html_of(client.get("/notifications/"))

    shown = re.findall(r'data-notification="(\d+)"', page)
    assert shown == [str(entry.pk) for entry in reversed(entries)]
    assert "For another user" not in page
    for entry in entries:
        assert f'href="/notifications/{entry.pk}/"' in page
        assert client.get(f"/notifications/{entry.pk}/")["Location"] == f"/posts/{entry.post_id}/"
        response = client.get(f"/posts/{entry.post_id}/")
        assert response["Location"] == f"/rooms/common/?at={entry.post_id}#post-{entry.post_id}"


def test_list_is_paginated(client_for, student):
    NotificationFactory.create_batch(31, recipient=student)
    client = client_for(student)

    pages = [client.get("/notifications/", {"page": page}) for page in ("1", "2", "3", "abc", "9" * 5000)]

    assert [len(page.context["page"].object_list) for page in pages] == [30, 1, 1, 30, 30]
    assert 'href="?page=2"' in html_of(pages[0])


def test_one_notification_is_marked_as_read(client_for, student):
    first, other = NotificationFactory.create_batch(2, recipient=student)

    response = client_for(student).post("/notifications/read/", {"notification": first.pk})

    assert response["Location"] == "/notifications/"
    assert Notification.objects.unread().get() == other


def test_all_notifications_are_marked_as_read(client_for, student, classmate):
    NotificationFactory.create_batch(2, recipient=student)
    other = NotificationFactory(recipient=classmate)

    client_for(student).post("/notifications/read/")

    assert Notification.objects.unread().get() == other


def test_marking_as_read_with_a_beacon_returns_204(client_for, student):
    assert client_for(student).post("/notifications/read/", {"beacon": "yes"}).status_code == 204


def test_notification_of_another_user_cannot_be_marked_as_read(client_for, student, classmate):
    other = NotificationFactory(recipient=classmate)

    responses = [client_for(student).post("/notifications/read/", {"notification": pk}) for pk in (other.pk, 10**12)]

    assert [(response.status_code, response["Location"]) for response in responses] == [(302, "/notifications/")] * 2
    assert Notification.objects.unread().get() == other


@pytest.mark.parametrize("value", ["abc", "-1", "1.5", "9" * 5000, "9" * 19, "\x00", "٣"])
def test_invalid_notification_id_returns_400(client_for, student, value):
    own = NotificationFactory(recipient=student)

    assert client_for(student).post("/notifications/read/", {"notification": value}).status_code == 400
    assert Notification.objects.unread().get() == own


def test_marking_as_read_requires_post(client_for, student):
    assert client_for(student).get("/notifications/read/").status_code == 405


def test_notification_shows_the_current_text(client_for, student, classmate, room):
    post = write_post(classmate, room, "@sam lok")
    edit_post(post, "@sam look", classmate)

    page = html_of(client_for(student).get("/notifications/"))

    assert "@sam look" in page
    assert "@sam lok<" not in page


def test_text_of_a_deleted_post_is_in_no_notification(client_for, student, classmate, room):
    post = write_post(classmate, room, "@sam the cat is out")
    Post.objects.filter(pk=post.pk).update(revision=0)
    client_for(classmate).post(f"/posts/{post.pk}/delete/")

    for path in ("/notifications/", "/home/student/"):
        assert "the cat is out" not in html_of(client_for(student).get(path))


def test_buttons_of_unread_notifications_belong_to_the_form(client_for, student, common_room):
    unread, read = NotificationFactory.create_batch(2, recipient=student, room=common_room)
    client_for(student).post("/notifications/read/", {"notification": read.pk})

    page = Page(client_for(student).get("/notifications/"))

    form = page.by_id("read-form")
    buttons = [node for node in page.root.iter("button") if node.get("form") == "read-form"]
    assert (form.get("method"), form.get("action")) == ("post", "/notifications/read/")
    assert [field.get("name") for field in form.iter("input")] == ["csrfmiddlewaretoken"]
    assert [(button.get("name"), button.get("value")) for button in buttons] == [("notification", str(unread.pk))]
