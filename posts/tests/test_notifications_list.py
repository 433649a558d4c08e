"""Who hears of what, and what they do about it."""

import re

import pytest

from posts.actions import accept, add_member, edit_post, remove_post, write_post
from posts.models import Membership, Notification, Post
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory
from posts.tests.support import FETCH, html_of


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


def test_badge_asks_and_gets_nothing_while_nothing_changed(client_for, student):
    client = client_for(student)
    NotificationFactory(recipient=student)

    first = client.get("/notifications/unread/")
    same = client.get("/notifications/unread/", headers={"If-None-Match": first["ETag"]})
    NotificationFactory(recipient=student)
    changed = client.get("/notifications/unread/", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first.json()) == (200, {"unread": 1})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, changed.json()) == (200, {"unread": 2})


def test_badge_counts_to_a_hundred(client_for, student):
    entry = NotificationFactory(recipient=student)
    Notification.objects.bulk_create(
        Notification(recipient=student, actor=entry.actor, kind="accepted", room=entry.room) for _number in range(120)
    )
    client = client_for(student)

    assert client.get("/notifications/unread/").json() == {"unread": 100}
    assert ">99+</span>" in html_of(client.get("/rooms/"))


@pytest.mark.parametrize("person", ["student", "teacher", "pending_teacher", "admin"])
def test_every_page_carries_the_badge(client_for, request, person, common_room):
    person = request.getfixturevalue(person)
    NotificationFactory.create_batch(3, recipient=person)
    post = PostFactory(author=person)
    client = client_for(person)

    for path in (
        client.get("/home/")["Location"], "/students/", "/teachers/", f"/users/{person.username}/", "/rooms/",
        "/rooms/common/", f"/posts/{post.pk}/edit/", f"/posts/{post.pk}/delete/", "/notifications/", "/account/",
        "/account/password/", "/account/sessions/", "/account/delete/", "/nowhere/",
    ):  # fmt: skip
        assert 'data-unread-count="3"' in html_of(client.get(path)), path


def test_visitors_have_no_badge(client_for, db):
    assert "data-unread-count" not in html_of(client_for(None).get("/"))


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
