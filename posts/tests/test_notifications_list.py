"""The list of notifications, and marking them as read."""

import re

import pytest

from posts.actions import edit_post, write_post
from posts.models import Notification, Post
from posts.tests.factories import NotificationFactory
from posts.tests.support import FETCH, html_of


def test_list_shows_ones_own_the_newest_first_and_leads_to_the_post(client_for, student, classmate, room_post):
    entries = [NotificationFactory(recipient=student, post__author=classmate) for _number in range(3)]
    NotificationFactory(recipient=classmate, post__body="None of your business")

    client = client_for(student)
    page = html_of(client.get("/notifications/"))

    shown = re.findall(r'data-notification="(\d+)"', page)
    assert shown == [str(entry.pk) for entry in reversed(entries)]
    assert "None of your business" not in page
    for entry in entries:
        assert f'href="/posts/{entry.post_id}/"' in page
        answer = client.get(f"/posts/{entry.post_id}/")
        assert answer["Location"] == f"/rooms/common/?at={entry.post_id}#post-{entry.post_id}"


def test_list_is_paged(client_for, student):
    NotificationFactory.create_batch(31, recipient=student)
    client = client_for(student)

    pages = [client.get("/notifications/", {"page": page}) for page in ("1", "2", "3", "abc", "9" * 5000)]

    assert [len(page.context["page"].object_list) for page in pages] == [30, 1, 1, 30, 30]
    assert 'href="?page=2"' in html_of(pages[0])


def test_one_is_marked_read(client_for, student):
    one, other = NotificationFactory.create_batch(2, recipient=student)

    answer = client_for(student).post("/notifications/read/", {"notification": one.pk})

    assert answer["Location"] == "/notifications/"
    assert Notification.objects.unread().get() == other


def test_all_are_marked_read(client_for, student, classmate):
    NotificationFactory.create_batch(2, recipient=student)
    theirs = NotificationFactory(recipient=classmate)

    client_for(student).post("/notifications/read/")

    assert Notification.objects.unread().get() == theirs


def test_script_that_marks_read_gets_no_page(client_for, student):
    assert client_for(student).post("/notifications/read/", headers=FETCH).status_code == 204


def test_somebody_elses_cannot_be_marked_read(client_for, student, classmate):
    theirs = NotificationFactory(recipient=classmate)

    answers = [client_for(student).post("/notifications/read/", {"notification": pk}) for pk in (theirs.pk, 10**12)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/notifications/")] * 2
    assert Notification.objects.unread().get() == theirs


@pytest.mark.parametrize("sent", ["abc", "-1", "1.5", "9" * 5000, "9" * 19, "\x00", "٣"])
def test_marking_what_is_no_notification_is_not_understood(client_for, student, sent):
    mine = NotificationFactory(recipient=student)

    assert client_for(student).post("/notifications/read/", {"notification": sent}).status_code == 400
    assert Notification.objects.unread().get() == mine


def test_marking_read_is_no_link(client_for, student):
    assert client_for(student).get("/notifications/read/").status_code == 405


def test_notification_shows_the_words_of_now(client_for, student, classmate, room):
    post = write_post(classmate, room, "@sam lok")
    edit_post(post, "@sam look", classmate)

    page = html_of(client_for(student).get("/notifications/"))

    assert "@sam look" in page
    assert "@sam lok<" not in page


def test_deleted_words_are_in_no_notification(client_for, student, classmate, room):
    post = write_post(classmate, room, "@sam the cat is out")
    Post.objects.filter(pk=post.pk).update(revision=0)
    client_for(classmate).post(f"/posts/{post.pk}/delete/")

    for path in ("/notifications/", "/home/student/"):
        assert "the cat is out" not in html_of(client_for(student).get(path))
