"""The unread count in the header."""

import pytest

from posts.models import Notification
from posts.tests.factories import NotificationFactory, PostFactory
from posts.tests.support import html_of


def test_unchanged_unread_count_returns_304(client_for, student):
    client = client_for(student)
    NotificationFactory(recipient=student)

    first = client.get("/notifications/unread/")
    same = client.get("/notifications/unread/", headers={"If-None-Match": first["ETag"]})
    NotificationFactory(recipient=student)
    changed = client.get("/notifications/unread/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first.json()) == (200, {"unread": 1})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, changed.json()) == (200, {"unread": 2})


def test_unread_count_is_limited_to_100(client_for, student):
    entry = NotificationFactory(recipient=student)
    Notification.objects.bulk_create(
        Notification(recipient=student, actor=entry.actor, kind="accepted", room=entry.room) for _number in range(120)
    )
    client = client_for(student)

    assert client.get("/notifications/unread/").json() == {"unread": 100}
    assert ">99+</span>" in html_of(client.get("/rooms/"))


@pytest.mark.parametrize("user", ["student", "teacher", "pending_teacher", "admin"])
def test_every_page_shows_the_unread_count(client_for, request, user, common_room):
    user = request.getfixturevalue(user)
    NotificationFactory.create_batch(3, recipient=user)
    post = PostFactory(author=user)
    client = client_for(user)

    for path in (
        client.get("/home/")["Location"],
        "/students/",
        "/teachers/",
        f"/users/{user.username}/",
        "/rooms/",
        "/rooms/common/",
        f"/posts/{post.pk}/edit/",
        f"/posts/{post.pk}/delete/",
        "/notifications/",
        "/account/",
        "/account/password/",
        "/account/sessions/",
        "/account/delete/",
        "/nowhere/",
    ):
        assert 'data-unread-count="3"' in html_of(client.get(path)), path


def test_visitors_have_no_unread_count(client_for, db):
    assert "data-unread-count" not in html_of(client_for(None).get("/"))
