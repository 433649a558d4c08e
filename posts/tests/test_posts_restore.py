"""Undoing the deletion of a post, and its notifications meanwhile."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts import actions as account_actions
from accounts.audit import CHANGE, DELETION
from accounts.models import User
from accounts.refusals import AccountInactive
from posts import actions
from posts.live import hub as hub_module
from posts.live import queries
from posts.live.stream import event
from posts.models import Membership, Notification, Post, Room
from posts.refusals import RoomArchived
from posts.tests.audit import audit_entries
from posts.tests.live import create_session, run_in_thread
from posts.tests.live_hub import read_event, run_with_hub
from posts.tests.support import FETCH, find_row, html_of, run_concurrently


@pytest.fixture
def post(student, room):
    """A post by `student` that mentions `classmate`."""
    return actions.write_post(student, room, "@kim the cat is out")


def unread_counts(user, client):
    """Return the user's unread count as the badge, a stream, the list and the export show it."""
    page = html_of(client.get("/notifications/"))
    return (
        client.get("/notifications/unread/").json()["unread"],
        queries.viewers([user.pk])[user.pk].unread,
        page.count("data-notification="),
        len(client.post("/account/export/").json()["notifications"]),
    )


def test_author_restores_the_post_and_its_notifications(client_for, student, classmate, room, post):
    client, other = client_for(student), client_for(classmate)
    before = unread_counts(classmate, other)
    reply = actions.write_post(classmate, room, "Which cat?", reply_to=post)
    revision = Room.objects.get(pk=room.pk).revision

    client.post(f"/posts/{post.pk}/delete/")
    while_deleted = unread_counts(classmate, other)
    response = client.post(f"/posts/{post.pk}/restore/", follow=True)

    post.refresh_from_db()
    assert (before, while_deleted, unread_counts(classmate, other)) == ((1, 1, 1, 1), (0, 0, 0, 0), (1, 1, 1, 1))
    assert "Post restored." in html_of(response)
    assert (post.removed_at, post.removed_by) == (None, None)
    assert post.revision == Room.objects.get(pk=room.pk).revision == revision + 2
    assert audit_entries(post) == [("sam", DELETION, [], ""), ("sam", CHANGE, ["removed_at"], "")]
    page = html_of(other.get("/rooms/chemistry/"))
    assert "the cat is out" in find_row(page, post)
    assert "the cat is out" in find_row(page, reply)


def test_newest_post_of_the_room_is_restored(client_for, student, room, post):
    newer = actions.write_post(student, room, "Found it")
    client = client_for(student)

    client.post(f"/posts/{newer.pk}/delete/")
    assert Room.objects.get(pk=room.pk).newest_post == post.pk
    client.post(f"/posts/{newer.pk}/restore/")
    assert Room.objects.get(pk=room.pk).newest_post == newer.pk


def test_scripts_get_the_changed_row(client_for, student, post):
    client = client_for(student)

    deleted = client.post(f"/posts/{post.pk}/delete/", headers=FETCH)
    restored = client.post(f"/posts/{post.pk}/restore/", headers=FETCH)

    assert (deleted.status_code, restored.status_code) == (200, 200)
    assert "cat is out" not in find_row(html_of(deleted), post)
    assert "cat is out" in find_row(html_of(restored), post)
    assert "is-mine" in find_row(html_of(restored), post)


def test_withdrawn_notifications_stay_unread_when_all_are_marked_as_read(client_for, student, classmate, post):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")
    client_for(classmate).post("/notifications/read/")
    client.post(f"/posts/{post.pk}/restore/")

    assert Notification.objects.unread().count() == 1


def test_read_notification_stays_read(client_for, student, classmate, post):
    client = client_for(student)
    client_for(classmate).post("/notifications/read/")
    client.post(f"/posts/{post.pk}/delete/")
    client.post(f"/posts/{post.pk}/restore/")

    notification = Notification.objects.get()
    assert (notification.recipient, notification.read_at is None) == (classmate, False)


def test_restoring_again_has_no_effect(client_for, student, post):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")

    statuses = [client.post(f"/posts/{post.pk}/restore/").status_code for _time in range(2)]

    assert statuses == [302, 302]
    assert len(audit_entries(post)) == 2


@pytest.mark.parametrize(("seconds", "status"), [(58, 302), (61, 403)])
def test_author_has_one_minute(client_for, student, post, seconds, status):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")
    Post.objects.update(removed_at=timezone.now() - timedelta(seconds=seconds))

    assert client.post(f"/posts/{post.pk}/restore/").status_code == status
    assert Post.objects.get().is_removed == (status == 403)


@pytest.mark.parametrize(("remover", "user"), [("teacher", "student"), ("student", "teacher"), ("student", "admin")])
def test_only_the_author_restores_their_own_deletion(client_for, request, post, remover, user):
    client_for(request.getfixturevalue(remover)).post(f"/posts/{post.pk}/delete/")

    response = client_for(request.getfixturevalue(user)).post(f"/posts/{post.pk}/restore/")

    assert response.status_code == 403
    assert Post.objects.get().is_removed


def test_author_cannot_restore_a_post_that_a_moderator_removed_meanwhile(client_for, student, teacher, post):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")

    response = client_for(teacher).post(f"/posts/{post.pk}/delete/", {"reason": "unkind"}, follow=True)

    assert "Post removed." in html_of(response)
    assert client.post(f"/posts/{post.pk}/restore/").status_code == 403
    assert "removed by a moderator" in find_row(html_of(client.get("/rooms/chemistry/")), post)
    assert audit_entries(post) == [("sam", DELETION, [], ""), (teacher.username, DELETION, [], "unkind")]


CHANGES = {
    "archived": (
        lambda room, author, admin: actions.archive_rooms(Room.objects.filter(pk=room.pk), admin),
        RoomArchived,
    ),
    "removed": (lambda room, author, admin: Membership.objects.update(state="removed"), Http404),
    "closed": (lambda room, author, admin: account_actions.close_account(author, author), AccountInactive),
}


@pytest.mark.guarantee("lock-check")
@pytest.mark.parametrize(("change", "refusal"), CHANGES.values(), ids=CHANGES)
def test_restoration_after_a_change_is_refused(student, admin, room, post, change, refusal):
    actions.remove_post(post, student)
    stale_user = User.objects.get(pk=student.pk)
    change(room, student, admin)

    with pytest.raises(refusal):
        actions.restore_post(post, stale_user)

    assert Post.objects.get().is_removed


@pytest.mark.django_db(transaction=True)
def test_concurrent_restorations_create_one_log_entry(student, room, post):
    actions.remove_post(post, student)

    run_concurrently(8, lambda _index: actions.restore_post(Post.objects.get(pk=post.pk), student))

    assert len(audit_entries(post)) == 2


@pytest.mark.django_db(transaction=True)
def test_streams_of_recipients_get_the_unread_count_at_once(monkeypatch, student, classmate, room, post):
    monkeypatch.setattr(hub_module, "CHECK_SECONDS", 60)
    session = create_session(classmate)

    async def test(hub):
        stream = await hub.admit(session, None, 0)
        assert event("unread", {"unread": 1}) in await read_event(stream, b"unread")
        await run_in_thread(actions.remove_post, post, student)
        assert event("unread", {"unread": 0}) in await read_event(stream, b"unread")
        await run_in_thread(actions.restore_post, post, student)
        assert event("unread", {"unread": 1}) in await read_event(stream, b"unread")

    run_with_hub(test)
