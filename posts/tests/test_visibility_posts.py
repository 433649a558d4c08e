"""Posts of hidden rooms are not shown, counted, quoted or mentioned."""

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Membership, Notification, Post
from posts.tests.factories import NotificationFactory, PostFactory
from posts.tests.support import html_of, html_without_tokens
from posts.tests.visibility import MISSING_ID, POST_VIEWS, assert_same_404


@pytest.mark.parametrize(("method", "view", "data"), POST_VIEWS)
def test_post_of_a_hidden_room_looks_like_a_missing_post(client_for, outsider, room_post, method, view, data):
    assert_same_404(
        client_for(outsider), method, reverse(view, args=[room_post.pk]), reverse(view, args=[MISSING_ID]), data
    )

    room_post.refresh_from_db()
    assert (room_post.body, room_post.removed_at) == ("The swordfish swims at dawn", None)


@pytest.mark.parametrize(("method", "view", "data"), POST_VIEWS)
def test_former_member_cannot_open_own_post(client_for, classmate, room_post, method, view, data):
    Membership.objects.filter(user=classmate).update(state=Membership.State.REMOVED)

    assert_same_404(
        client_for(classmate), method, reverse(view, args=[room_post.pk]), reverse(view, args=[MISSING_ID]), data
    )


def test_profile_omits_posts_of_hidden_rooms(client_for, outsider, student, classmate, room_post):
    open_post = PostFactory(author=classmate, body="Visible to everyone")

    seen_by_outsider = html_of(client_for(outsider).get("/users/kim/"))
    seen_by_member = html_of(client_for(student).get("/users/kim/"))

    assert open_post.body in seen_by_outsider
    assert room_post.body not in seen_by_outsider
    assert room_post.room.name not in seen_by_outsider
    assert "<dt>Posts</dt> <dd>1</dd>" in seen_by_outsider
    assert room_post.body in seen_by_member
    assert "<dt>Posts</dt> <dd>2</dd>" in seen_by_member


@pytest.mark.parametrize(("viewer", "number"), [("outsider", 0), ("student", 1), ("teacher", 1), ("admin", 1)])
def test_popover_counts_visible_posts(client_for, request, room_post, viewer, number):
    response = client_for(request.getfixturevalue(viewer)).get("/users/kim/popover/")

    assert f"<dt>Posts</dt> <dd>{number}</dd>" in html_of(response)


def test_removed_posts_are_not_counted(client_for, student, classmate):
    PostFactory(author=classmate)
    PostFactory(author=classmate, removed_at=timezone.now())

    assert "<dt>Posts</dt> <dd>1</dd>" in html_of(client_for(student).get("/users/kim/popover/"))


def test_reply_to_a_hidden_post_looks_like_a_reply_to_a_missing_post(client_for, outsider, room_post, common_room):
    client = client_for(outsider)
    path = common_room.get_absolute_url()

    responses = [
        html_without_tokens(client.post(path, {"body": "Which post?", "reply_to": pk}), path)
        for pk in (room_post.pk, MISSING_ID)
    ]

    assert responses[0] == responses[1]
    assert "The post you were replying to has been deleted." in responses[0]
    assert "swordfish" not in responses[0]
    assert Post.objects.count() == 1


def test_composer_does_not_quote_a_post_of_another_room(client_for, outsider, room_post, common_room):
    page = html_of(client_for(outsider).get(common_room.get_absolute_url(), {"reply_to": room_post.pk}))

    assert "swordfish" not in page
    assert room_post.author.username not in page


@pytest.mark.parametrize("query", ["at", "before", "after"])
def test_cursor_from_a_hidden_room_shows_no_post_of_it(client_for, outsider, room_post, common_room, query):
    page = html_of(client_for(outsider).get(common_room.get_absolute_url(), {query: room_post.pk}))

    assert "swordfish" not in page


def test_former_member_has_no_notifications_of_the_room(client_for, student, room_post, room):
    NotificationFactory(recipient=student, post=room_post)
    client = client_for(student)
    before = client.get("/notifications/unread/").json()

    Membership.objects.filter(user=student, room=room).update(state=Membership.State.REMOVED)

    assert before == {"unread": 1}
    assert client.get("/notifications/unread/").json() == {"unread": 0}
    for path in ("/notifications/", "/home/student/"):
        assert room_post.body not in html_of(client.get(path))
        assert room.name not in html_of(client.get(path))
    assert 'data-unread-count="0"' in html_of(client.get("/rooms/"))


def test_notification_about_a_hidden_room_is_hidden(client_for, student, teacher, room):
    Notification.objects.create(recipient=student, actor=teacher, kind="accepted", room=room)
    Membership.objects.filter(user=student).update(state=Membership.State.REMOVED)

    assert room.name not in html_of(client_for(student).get("/notifications/"))


def test_owner_with_revoked_approval_cannot_remove_posts(client_for, teacher, room_post):
    client = client_for(teacher)
    before = client.get(f"/posts/{room_post.pk}/delete/").status_code
    teacher.approved_at = None
    teacher.save()

    responses = [
        client.get(f"/posts/{room_post.pk}/delete/"),
        client.post(f"/posts/{room_post.pk}/delete/", {"reason": "x"}),
    ]

    assert before == 200
    assert [response.status_code for response in responses] == [403, 403]
    room_post.refresh_from_db()
    assert not room_post.is_removed
    assert "is-removable" not in html_of(client.get(room_post.room.get_absolute_url()))
