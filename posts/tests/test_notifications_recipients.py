"""The recipients of notifications."""

import re

import pytest

from posts.actions import accept_request, add_member, edit_post, remove_post, write_post
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory, PostFactory
from posts.tests.support import html_of


def notified():
    """Return {username: kind} of all notifications that are not withdrawn."""
    entries = Notification.objects.filter(withdrawn=False).select_related("recipient")
    return {entry.recipient.username: entry.kind for entry in entries}


def test_mention_and_reply_create_one_notification_per_user(student, classmate, teacher, room):
    parent = PostFactory(room=room, author=teacher)

    write_post(student, room, "@kim @Kim @ms.hale. @sam look", reply_to=parent)

    assert notified() == {"kim": "mention", "ms.hale": "reply"}
    assert Notification.objects.count() == 2


def test_users_outside_the_room_are_neither_linked_nor_notified(client_for, student, outsider, room):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    write_post(student, room, "@olu @nobody @kim")

    page = html_of(client_for(student).get(room.get_absolute_url()))

    assert notified() == {"kim": "mention"}
    assert re.findall(r'class="mention"\s+href="([^"]+)"', page) == ["/users/kim/"]


def test_administrators_and_the_owner_can_be_mentioned_in_every_room(student, admin, room):
    write_post(student, room, "@head @ms.hale help")

    assert notified() == {"head": "mention", "ms.hale": "mention"}


def test_removed_member_is_not_notified_of_a_reply(student, classmate, room_post):
    Membership.objects.filter(user=classmate).update(state=Membership.State.REMOVED)

    write_post(student, room_post.room, "@kim indeed", reply_to=room_post)

    assert notified() == {}


def test_deactivated_user_is_not_notified(student, deactivated, common_room):
    write_post(student, common_room, "@gone?", reply_to=PostFactory(author=deactivated))

    assert notified() == {}


def test_member_who_turned_off_notifications_is_not_notified(student, classmate, room_post, common_room):
    Membership.objects.filter(user=classmate, room=room_post.room).update(notify=Membership.Notify.NOTHING)

    write_post(student, room_post.room, "@kim indeed", reply_to=room_post)
    turned_off = notified()
    write_post(student, common_room, "@kim indeed")

    assert (turned_off, notified()) == ({}, {"kim": "mention"})


def test_post_notifies_at_most_ten_users(student, common_room, django_user_model):
    users = [PostFactory().author for _number in range(15)]

    post = write_post(student, common_room, " ".join(f"@{user.username}" for user in users))

    assert notified() == {user.username: "mention" for user in users[:10]}
    assert len(post.mentions) == 10


def test_edit_adds_and_removes_notifications(student, classmate, teacher, room):
    post = write_post(student, room, "@kim look")
    first = Notification.objects.get()

    edit_post(post, "@kim @ms.hale look", student)
    after_first_edit = notified()
    edit_post(post, "@ms.hale look", student)

    assert after_first_edit == {"kim": "mention", "ms.hale": "mention"}
    assert notified() == {"ms.hale": "mention"}
    assert not Notification.objects.filter(pk=first.pk).exists()


def test_edit_does_not_notify_a_user_twice(student, classmate, room):
    post = write_post(student, room, "@kim look")
    Notification.objects.all().mark_as_read()
    first = Notification.objects.get()

    edit_post(post, "Look", student)
    edit_post(post, "@kim Look!", student)

    assert Notification.objects.get() == first
    assert Notification.objects.get().read_at is not None


def test_edit_does_not_remove_the_reply_notification(student, classmate, room_post):
    post = write_post(student, room_post.room, "@kim indeed", reply_to=room_post)

    edit_post(post, "Indeed", student)

    assert notified() == {"kim": "reply"}


@pytest.mark.parametrize("remover", ["student", "teacher"])
def test_removal_withdraws_notifications(request, student, classmate, room_post, remover):
    post = write_post(student, room_post.room, "@ms.hale indeed", reply_to=room_post)

    remove_post(post, request.getfixturevalue(remover))

    assert notified() == {}


def test_accepted_user_is_notified(client_for, outsider, teacher, room):
    membership = MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)

    assert accept_request(membership, teacher)
    assert not accept_request(membership, teacher)

    assert notified() == {"olu": "accepted"}
    client = client_for(outsider)
    assert "added you" in html_of(client.get("/notifications/"))
    assert client.get(f"/notifications/{Notification.objects.get().pk}/")["Location"] == room.get_absolute_url()


def test_added_user_is_notified(outsider, teacher, room):
    add_member(Membership(user=outsider, room=room), teacher)

    assert notified() == {"olu": "accepted"}
