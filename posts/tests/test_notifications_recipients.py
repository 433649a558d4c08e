"""Who receives a notification."""

import re

import pytest

from posts.actions import accept, add_member, edit_post, remove_post, write_post
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory, PostFactory
from posts.tests.support import html_of


def told():
    """List who was told what: {username: kind}."""
    return {entry.recipient.username: entry.kind for entry in Notification.objects.select_related("recipient")}


def test_mention_and_reply_make_one_notification_each(student, classmate, teacher, room):
    parent = PostFactory(room=room, author=teacher)

    write_post(student, room, "@kim @Kim @ms.hale. @sam look", reply_to=parent)

    assert told() == {"kim": "mention", "ms.hale": "reply"}
    assert Notification.objects.count() == 2


def test_people_outside_the_room_are_neither_linked_nor_told(client_for, student, outsider, room):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    write_post(student, room, "@olu @nobody @kim")

    page = html_of(client_for(student).get(room.get_absolute_url()))

    assert told() == {"kim": "mention"}
    assert re.findall(r'class="mention" href="([^"]+)"', page) == ["/users/kim/"]


def test_administrators_and_the_owner_can_be_mentioned_in_every_room(student, admin, room):
    write_post(student, room, "@head @ms.hale help")

    assert told() == {"head": "mention", "ms.hale": "mention"}


def test_author_who_was_removed_hears_of_no_reply(student, classmate, room_post):
    Membership.objects.filter(user=classmate).update(state=Membership.State.REMOVED)

    write_post(student, room_post.room, "@kim indeed", reply_to=room_post)

    assert told() == {}


def test_deactivated_people_hear_nothing(student, deactivated, common_room):
    write_post(student, common_room, "@gone?", reply_to=PostFactory(author=deactivated))

    assert told() == {}


def test_who_muted_a_room_hears_nothing_of_it(student, classmate, room_post, common_room):
    Membership.objects.filter(user=classmate, room=room_post.room).update(notify=Membership.Notify.NOTHING)

    write_post(student, room_post.room, "@kim indeed", reply_to=room_post)
    muted = told()
    write_post(student, common_room, "@kim indeed")

    assert (muted, told()) == ({}, {"kim": "mention"})


def test_at_most_ten_are_told_of_a_post(student, common_room, django_user_model):
    people = [PostFactory().author for _number in range(15)]

    post = write_post(student, common_room, " ".join(f"@{person.username}" for person in people))

    assert told() == {person.username: "mention" for person in people[:10]}
    assert len(post.mentions) == 10


def test_edit_tells_the_newly_mentioned_and_withdraws_from_the_no_longer_mentioned(student, classmate, teacher, room):
    post = write_post(student, room, "@kim look")
    first = Notification.objects.get()

    edit_post(post, "@kim @ms.hale look", student)
    both = told()
    edit_post(post, "@ms.hale look", student)

    assert both == {"kim": "mention", "ms.hale": "mention"}
    assert told() == {"ms.hale": "mention"}
    assert not Notification.objects.filter(pk=first.pk).exists()


def test_edit_leaves_what_was_read_and_tells_nobody_twice(student, classmate, room):
    post = write_post(student, room, "@kim look")
    Notification.objects.all().mark_as_read()
    first = Notification.objects.get()

    edit_post(post, "Look", student)
    edit_post(post, "@kim Look!", student)

    assert Notification.objects.get() == first
    assert Notification.objects.get().read_at is not None


def test_edit_keeps_the_reply_notification(student, classmate, room_post):
    post = write_post(student, room_post.room, "@kim indeed", reply_to=room_post)

    edit_post(post, "Indeed", student)

    assert told() == {"kim": "reply"}


@pytest.mark.parametrize("remover", ["student", "teacher"])
def test_removal_withdraws_what_was_told(request, student, classmate, room_post, remover):
    post = write_post(student, room_post.room, "@ms.hale indeed", reply_to=room_post)

    remove_post(post, request.getfixturevalue(remover))

    assert told() == {}


def test_being_let_in_is_told(client_for, outsider, teacher, room):
    membership = MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)

    assert accept(membership, teacher)
    assert not accept(membership, teacher)

    assert told() == {"olu": "accepted"}
    page = html_of(client_for(outsider).get("/notifications/"))
    assert "added you" in page
    assert f'href="{room.get_absolute_url()}"' in page


def test_being_put_into_a_room_is_told(outsider, teacher, room):
    add_member(Membership(user=outsider, room=room), teacher)

    assert told() == {"olu": "accepted"}
