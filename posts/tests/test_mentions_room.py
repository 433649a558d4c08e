"""Posts with "@room", which mention all members of a room."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import close_account
from accounts.audit import CHANGE
from accounts.tests.factories import StudentFactory
from posts.actions import edit_post, remove_post, write_post
from posts.live.queries import fetch
from posts.models import Membership, Notification
from posts.tests.audit import audit_entries
from posts.tests.factories import MembershipFactory, PostFactory
from posts.tests.support import find_row, html_of
from posts.tests.test_notifications_recipients import notified

State = Membership.State


@pytest.mark.parametrize("author", ["teacher", "co_teacher", "admin"])
@pytest.mark.parametrize("body", ["@room Bring your books", "Bring your books, @ROOM.", "Books (@Room)!"])
def test_post_of_an_owner_notifies_all_members(request, co_teacher, author, body, room):
    author = request.getfixturevalue(author)

    post = write_post(author, room, body)

    members = {"sam", "kim", "ms.hale", "mr.cole"} - {author.username}
    assert notified() == dict.fromkeys(members, "room")
    assert post.mentions == ["room"]


@pytest.mark.parametrize("author", ["student", "pending_teacher"])
def test_post_of_a_member_notifies_nobody(client_for, request, author, room):
    author = request.getfixturevalue(author)
    if author.is_pending:
        MembershipFactory(room=room, user=author, is_co_teacher=True)

    post = write_post(author, room, "@room Who has the book?")

    assert (notified(), post.mentions) == ({}, [])
    page = html_of(client_for(author).get(room.get_absolute_url()))
    assert ">@room Who has the book?" in page
    assert "is-for-me" not in find_row(page, post)


def test_only_administrators_mention_the_common_room(student, teacher, admin, common_room):
    write_post(teacher, common_room, "@room Good morning")
    before = notified()

    write_post(admin, common_room, "@room Good morning")

    assert (before, notified()) == ({}, {"sam": "room", "ms.hale": "room"})


def test_other_users_are_not_notified(student, classmate, outsider, deactivated, teacher, room):
    MembershipFactory(room=room, user=deactivated)
    MembershipFactory(room=room, user=outsider, state=State.APPLIED)
    for state in (State.DECLINED, State.REMOVED, State.LEFT):
        MembershipFactory(room=room, state=state)
    Membership.objects.filter(room=room, user=classmate).update(notify=Membership.Notify.NOTHING)

    write_post(teacher, room, "@room Bring your books")

    assert notified() == {"sam": "room"}


def test_replies_and_mentions_come_first(student, classmate, co_teacher, teacher, room):
    parent = PostFactory(room=room, author=student)

    post = write_post(teacher, room, "@room and @kim, look", reply_to=parent)

    assert notified() == {"sam": "reply", "kim": "mention", "mr.cole": "room"}
    assert post.mentions == ["kim", "room"]


def test_mention_is_marked_for_all_readers_and_is_no_link(client_for, student, admin, teacher, room):
    post = write_post(teacher, room, "@Room Bring your books")

    for reader in (student, admin, teacher):
        row = find_row(html_of(client_for(reader).get(room.get_absolute_url())), post)
        assert '<span class="mention">@Room</span> Bring your books' in row
        assert "/users/Room/" not in row
        assert "is-for-me" in row
    assert b'"names":{"%d":["room"]}' % post.pk in fetch(room.pk, 0, 1, [student.pk], ["de"]).events_after("de", 0)
    assert '<span class="mention">@Room</span>' in html_of(client_for(student).get("/users/ms.hale/"))


def test_notification_leads_to_the_post(client_for, student, teacher, room):
    post = write_post(teacher, room, "@room Bring your books")
    client = client_for(student)

    page = html_of(client.get("/notifications/"))

    assert client.get("/notifications/unread/").json() == {"unread": 1}
    assert '<b dir="auto">Ada Hale</b> mentioned everyone in the room' in page
    assert (
        client.get(f"/notifications/{Notification.objects.get(recipient=student).pk}/")["Location"]
        == f"/posts/{post.pk}/"
    )


def test_edit_never_notifies_the_room(student, teacher, room):
    post = write_post(teacher, room, "Bring your books")

    edit_post(post, "@room Bring your books", teacher)

    post.refresh_from_db()
    assert (notified(), post.mentions) == ({}, [])


def test_edit_preserves_the_mention_until_it_removes_it(student, classmate, teacher, room):
    post = write_post(teacher, room, "@room @kim Bring your boks")

    edit_post(post, "@room Bring your books", teacher)
    post.refresh_from_db()
    assert (notified(), post.mentions) == ({"sam": "room", "kim": "room"}, ["room"])

    for body in ("Bring your books", "@room Bring your books"):
        edit_post(post, body, teacher)
        post.refresh_from_db()
        assert (notified(), post.mentions) == ({}, [])
    assert audit_entries(post) == [("ms.hale", CHANGE, ["body"], "")] * 3


def test_removal_of_the_post_withdraws_and_closing_of_the_account_deletes_the_notifications(
    student, classmate, teacher, room
):
    post, other = write_post(teacher, room, "@room Bring your books"), write_post(teacher, room, "@room Books!")

    remove_post(post, teacher)
    assert Notification.objects.filter(withdrawn=False).count() == 2
    close_account(student, student)
    assert notified() == {"kim": "room"}
    close_account(teacher, teacher)

    assert notified() == {}
    other.refresh_from_db()
    assert (other.body, other.mentions) == ("@room Books!", ["room"])


def test_user_with_the_reserved_name_is_not_mentioned(student, teacher, room):
    user = StudentFactory(username="room")
    MembershipFactory(room=room, user=user)

    post = write_post(user, room, "I am @room", reply_to=PostFactory(room=room, author=user))

    assert (notified(), post.mentions) == ({}, [])


@pytest.mark.parametrize("members", [2, 500])
def test_mention_costs_one_query(teacher, room, members):
    users = StudentFactory.create_batch(members)
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)
    numbers = []

    for body in ("Bring your books", "@room Bring your books"):
        with CaptureQueriesContext(connection) as queries:
            write_post(teacher, room, body)
        numbers.append(len(queries))

    assert Notification.objects.filter(kind="room", recipient__in=users).count() == members
    assert numbers == [9, 10], "\n".join(query["sql"] for query in queries)
