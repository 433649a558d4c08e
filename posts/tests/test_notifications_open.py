"""Opening notifications, and groups of notifications that are one row."""

import pytest

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory
from posts.tests.visibility import MISSING_ID, assert_same_404


def unread():
    return set(Notification.objects.unread())


def replies(recipient, room, parent, *names):
    """Return notifications of `recipient` about replies to `parent` by new users with these first names."""
    posts = [PostFactory(room=room, reply_to=parent, author=StudentFactory(first_name=name)) for name in names]
    return [NotificationFactory(recipient=recipient, kind="reply", post=post) for post in posts]


def rows(client):
    """Return (text, URL) of each row of the list."""
    page = Page(client.get("/notifications/"))
    texts = [page.text(head[0]) for head in page.by_class("item-head")]
    return list(zip(texts, [link.get("href") for link in page.by_class("person")], strict=True))


def test_opening_a_notification_marks_it_as_read_and_redirects(client_for, student, room):
    other, opened = NotificationFactory.create_batch(2, recipient=student, post__room=room)
    client = client_for(student)

    for _time in range(2):
        response = client.get(f"/notifications/{opened.pk}/")
        assert response["Location"] == f"/posts/{opened.post_id}/"

    assert unread() == {other}
    assert client.get("/notifications/unread/").json() == {"unread": 1}


@pytest.mark.parametrize(
    "header", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}], ids=str
)
def test_prefetching_a_notification_does_not_mark_it_as_read(client_for, student, header):
    notification = NotificationFactory(recipient=student)
    client = client_for(student)

    assert client.get(f"/notifications/{notification.pk}/", headers=header).status_code == 403
    assert client.head(f"/notifications/{notification.pk}/").status_code == 405
    assert unread() == {notification}


def test_notifications_of_others_and_of_hidden_rooms_look_like_missing_ones(client_for, student, classmate, room):
    own, other = (NotificationFactory(recipient=user, post__room=room) for user in (student, classmate))
    Membership.objects.filter(user=student, room=room).update(state=Membership.State.REMOVED)

    for hidden in (own, other):
        assert_same_404(client_for(student), "get", f"/notifications/{hidden.pk}/", f"/notifications/{MISSING_ID}/")

    assert unread() == {own, other}


def test_replies_to_one_post_are_one_row(client_for, student, classmate, room):
    mine, also_mine = PostFactory.create_batch(2, room=room, author=student)
    first, mention, *_others, last = [
        *replies(student, room, mine, "Ben"),
        NotificationFactory(recipient=student, post=PostFactory(room=room, author=classmate)),
        *replies(student, room, mine, "Cat", "Dan", "Ada"),
    ]
    [elsewhere] = replies(student, room, also_mine, "Eve")
    client = client_for(student)

    assert rows(client) == [
        ("Eve replied to you", f"/notifications/{elsewhere.pk}/"),
        ("Ada and 3 others replied to you", f"/notifications/{last.pk}/"),
        ("Kim Lund mentioned you", f"/notifications/{mention.pk}/"),
    ]
    assert client.get(f"/notifications/{last.pk}/")["Location"] == f"/posts/{last.post_id}/"
    assert unread() == {mention, elsewhere}
    [newer] = replies(student, room, mine, "Fin")
    assert [text for text, _url in rows(client)] == [
        "Fin replied to you",
        "Eve replied to you",
        "Ada and 3 others replied to you",
        "Kim Lund mentioned you",
    ]
    client.get(f"/notifications/{first.pk}/")
    assert newer in unread()


def test_several_replies_by_one_user_are_not_from_others(client_for, student, classmate, room):
    mine = PostFactory(room=room, author=student)
    for post in PostFactory.create_batch(2, room=room, author=classmate, reply_to=mine):
        NotificationFactory(recipient=student, kind="reply", post=post)

    assert [text for text, _url in rows(client_for(student))] == ["Kim Lund replied to you"]


def test_requests_to_join_one_room_are_one_row_that_is_marked_as_read_as_a_whole(client_for, teacher, room):
    other_room = MembershipFactory(user=teacher, room__owner=None).room
    for each in (room, room, other_room):
        user = MembershipFactory(room=each, state=Membership.State.APPLIED, user__first_name="Ren").user
        NotificationFactory(recipient=teacher, post=None, actor=user, room=each, kind="applied")
    client = client_for(teacher)
    page = Page(client.get("/notifications/"))
    [button] = [node for node in page.root.iter("button") if node.get("form") == "read-form"][1:]

    assert [text for text, _url in rows(client)] == ["Ren asked to join", "Ren and 1 other asked to join"]
    client.post("/notifications/read/", {"notification": button.get("value")})
    assert {notification.room for notification in unread()} == {other_room}


@pytest.mark.parametrize("number", [1, 20])
def test_number_of_queries_of_opening_a_group_is_fixed(client_for, django_assert_num_queries, student, room, number):
    mine = PostFactory(room=room, author=student)
    *_others, last = replies(student, room, mine, *["Ben"] * number)
    client = client_for(student)

    with django_assert_num_queries(8):
        client.get(f"/notifications/{last.pk}/")
    assert unread() == set()
