"""Access is checked again after locking, so that the transaction that commits first wins."""

import threading

import pytest
from django.db import connection
from django.http import Http404
from django.utils import timezone

from accounts import actions as account_actions
from accounts.models import User
from accounts.refusals import AccountInactive
from config.transactions import writing
from posts import actions
from posts.models import Membership, Post, Room
from posts.refusals import RoomArchived
from posts.tests.factories import PostFactory
from posts.tests.support import wait_until_blocked


def archive(room, author, admin):
    actions.archive_rooms(Room.objects.filter(pk=room.pk), admin)


def remove(room, author, admin):
    actions.remove_member(Membership.objects.get(room=room, user=author), admin)


def deactivate(room, author, admin):
    account_actions.deactivate_users(User.objects.filter(pk=author.pk), admin)


def close_account(room, author, admin):
    account_actions.close_account(author, author)


CHANGES = [(archive, RoomArchived), (remove, Http404), (deactivate, AccountInactive), (close_account, AccountInactive)]


def write(room, author, own_post, parent):
    actions.write_post(author, room, "Too late")


def reply(room, author, own_post, parent):
    actions.write_post(author, room, "Too late", reply_to=parent)


def edit(room, author, own_post, parent):
    actions.edit_post(own_post, "Too late", author)


@pytest.mark.parametrize("operation", [write, reply, edit])
@pytest.mark.parametrize(("change", "refusal"), CHANGES)
@pytest.mark.django_db
def test_write_after_a_change_is_refused(student, classmate, admin, room, operation, change, refusal):
    own_post, parent = PostFactory(room=room, author=student), PostFactory(room=room, author=classmate)
    stale_user = User.objects.get(pk=student.pk)
    change(room, student, admin)

    with pytest.raises(refusal):
        operation(room, stale_user, own_post, parent)

    assert not Post.objects.filter(body="Too late").exists()


@pytest.mark.guarantee("lock-check")
@pytest.mark.parametrize("operation", [write, reply, edit])
@pytest.mark.parametrize(("change", "refusal"), CHANGES)
@pytest.mark.django_db(transaction=True)
def test_write_blocked_by_a_change_is_refused(student, classmate, admin, room, operation, change, refusal):
    own_post, parent = PostFactory(room=room, author=student), PostFactory(room=room, author=classmate)
    stale_user = User.objects.get(pk=student.pk)
    changed, outcome = threading.Event(), []

    def run():
        changed.wait(30)
        try:
            operation(room, stale_user, own_post, parent)
        except Exception as error:
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with writing():
        change(room, student, admin)
        changed.set()
        wait_until_blocked(thread)
    thread.join(60)

    assert [type(error) for error in outcome] == [refusal]
    assert not Post.objects.filter(body="Too late").exists()


@pytest.mark.django_db(transaction=True)
def test_change_blocked_by_a_write_does_not_remove_the_post(student, admin, room):
    written, outcome = threading.Event(), []

    def run():
        written.wait(30)
        try:
            outcome.append(actions.archive_rooms(Room.objects.filter(pk=room.pk), admin))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with writing():
        actions.write_post(student, room, "In time")
        written.set()
        wait_until_blocked(thread)
    thread.join(60)

    assert outcome == [1]
    assert Post.objects.get().body == "In time"


@pytest.mark.guarantee("lost-access")
@pytest.mark.parametrize("has_read", [True, False])
@pytest.mark.django_db
def test_former_owner_loses_access(client_for, teacher, admin, student, room, has_read):
    post = actions.write_post(student, room, "Hello")
    new_owner = User.objects.create_user("mr.fox", "fox@school.example", role="teacher", approved_at=timezone.now())
    client = client_for(teacher)
    if has_read:
        client.post(f"/rooms/{room.slug}/read/", {"upto": post.pk})

    actions.change_owner(room, new_owner, admin)

    assert Membership.objects.get(room=room, user=teacher).state == Membership.State.REMOVED
    assert Membership.objects.get(room=room, user=new_owner).state == Membership.State.MEMBER
    assert Room.objects.get(pk=room.pk).owner == new_owner
    for path in (room.get_absolute_url(), post.get_absolute_url(), f"/rooms/{room.slug}/updates/?after=0"):
        assert client.get(path).status_code == 404
    assert room.name not in client.get("/rooms/").content.decode()
    assert client_for(new_owner).get(room.get_absolute_url()).status_code == 200


@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize(("headers", "is_page"), [({}, True), ({"X-Requested-With": "fetch"}, False)])
@pytest.mark.django_db
def test_refusal_states_the_reason_and_preserves_the_text(client_for, student, admin, room, headers, is_page):
    client = client_for(student)
    archive(room, student, admin)

    response = client.post(room.get_absolute_url(), {"body": "My <long> text"}, headers=headers)

    html = response.content.decode()
    assert response.status_code == 403
    assert "This room is archived. You can read it, but nobody can post." in html
    assert ("My &lt;long&gt; text" in html, "<html" in html) == (is_page, is_page)
