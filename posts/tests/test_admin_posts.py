"""Posts in the admin."""

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission

from accounts.audit import fields_of, reason_of
from accounts.tests.admin import change_url, entries, run_action
from accounts.tests.factories import UserFactory
from posts import actions
from posts.models import Post, Room
from posts.tests.admin import POSTS
from posts.tests.factories import NotificationFactory, PostFactory, RoomFactory


def test_search_finds_posts_by_text_and_author(admin_client, student):
    wanted = PostFactory(author=student, body="Where is the telescope?")
    PostFactory(body="In the cupboard.")

    for query in ("q=telescope", "q=sam", "author=SAM"):
        assert list(admin_client.get(f"{POSTS}?{query}").context["cl"].result_list) == [wanted]


@pytest.mark.parametrize(("state", "expected"), [("visible", 2), ("edited", 1), ("removed", 1)])
def test_posts_are_filtered_by_state(admin_client, admin, state, expected):
    PostFactory()
    actions.edit_post(PostFactory(), "In other words.", admin)
    actions.remove_post(PostFactory(), admin)

    assert admin_client.get(f"{POSTS}?state={state}").context["cl"].result_count == expected


def test_remove_requires_a_reason(admin_client):
    post = PostFactory()

    asked = run_action(admin_client, "remove", post)
    without = run_action(admin_client, "remove", post, reason=" ")

    assert [asked.status_code, without.status_code] == [200, 200]
    assert "reason" in without.context["form"].errors
    assert Post.objects.not_removed().filter(pk=post.pk).exists()
    assert not LogEntry.objects.exists()


def test_remove_writes_one_log_entry_for_each_post(admin_client, admin, student):
    posts = PostFactory.create_batch(2)
    NotificationFactory(recipient=student, post=posts[0])
    revision = posts[0].room.revision

    run_action(admin_client, "remove", *posts, reason="Unkind")

    for post in posts:
        post.refresh_from_db()
        assert post.removed_by == admin
        assert post.revision > revision
        entry = entries(post).get()
        assert (entry.user, entry.action_flag, reason_of(entry)) == (admin, DELETION, "Unkind")
    assert not student.notifications.unread().exists()


def test_removed_post_is_read_only(admin_client, admin):
    post = PostFactory(body="Something unkind")
    actions.remove_post(post, admin, "Unkind")

    page = admin_client.get(change_url(post))
    changed = admin_client.post(change_url(post), {"body": "Something nice"})
    asked = run_action(admin_client, "remove", post)

    assert "Something unkind" in page.content.decode()
    assert changed.status_code == 403
    assert asked.status_code == 302
    post.refresh_from_db()
    assert post.body == "Something unkind"
    assert entries(post).count() == 1


@pytest.mark.parametrize("is_superuser", [True, False])
def test_post_is_read_only_for_staff_with_another_role(client_for, is_superuser):
    staff = UserFactory(username="porter", is_staff=True, is_superuser=is_superuser)
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_post", "change_post"]))
    client, post = client_for(staff), PostFactory(room=RoomFactory(), body="Who has the key?")

    page = client.get(change_url(post))
    changed = client.post(change_url(post), {"body": "Something else"})
    run_action(client, "remove", post, reason="Unkind")

    assert page.status_code == 200
    assert "Who has the key?" in page.content.decode()
    assert 'name="body"' not in page.content.decode()
    assert (page.context["buttons"], changed.status_code) == ([], 403)
    post.refresh_from_db()
    assert (post.body, post.is_removed) == ("Who has the key?", False)


def test_edit_notifies_mentioned_user_and_writes_one_log_entry(admin_client, admin, student):
    post = PostFactory(body="Who has the key?")

    response = admin_client.post(
        change_url(post), {"body": "Who has the key, @sam?", "author": student.pk, "removed_at": "x"}
    )

    assert response.status_code == 302
    changed = Post.objects.get(pk=post.pk)
    assert (changed.body, changed.mentions, changed.author_id) == ("Who has the key, @sam?", ["sam"], post.author_id)
    assert changed.revision > post.revision
    assert changed.edited_at is not None
    assert changed.removed_at is None
    assert student.notifications.filter(post=post).exists()
    entry = entries(post).get()
    assert (entry.user, entry.action_flag, fields_of(entry)) == (admin, CHANGE, ["body"])


@pytest.mark.parametrize("body", ["", "   ", "\0", "\u200b", "x" * 141])
def test_invalid_text_is_a_form_error(admin_client, body):
    post = PostFactory(body="Who has the key?")

    response = admin_client.post(change_url(post), {"body": body})

    assert response.status_code == 200
    assert "body" in response.context["adminform"].form.errors
    post.refresh_from_db()
    assert post.body == "Who has the key?"
    assert not LogEntry.objects.exists()


def test_text_has_the_limit_of_its_room(admin_client, room):
    Room.objects.filter(pk=room.pk).update(post_max_length=200)
    post = PostFactory(room=room)

    statuses = [admin_client.post(change_url(post), {"body": "x" * length}).status_code for length in (201, 200)]

    assert statuses == [200, 302]


def test_post_cannot_be_deleted(admin_client):
    post = PostFactory()

    response = admin_client.post(f"{POSTS}{post.pk}/delete/", {"post": "yes"})
    admin_client.post(POSTS, {"action": "delete_selected", "_selected_action": post.pk, "post": "yes"})

    assert response.status_code == 403
    assert Post.objects.filter(pk=post.pk).exists()


def test_text_is_escaped(admin_client):
    post = PostFactory(body="<b>bold</b>")

    for address in (POSTS, change_url(post)):
        assert "<b>bold" not in admin_client.get(address).content.decode()
