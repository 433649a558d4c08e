"""Concurrent requests, each with its own database connection."""

import uuid

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.tests.factories import StudentFactory
from posts.actions import edit_post, remove_post, write_post
from posts.models import Notification, Post, Room
from posts.refusals import PostRemoved
from posts.tests.support import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS = 20


@pytest.fixture
def common():
    return Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})[0]


@pytest.mark.guarantee("one-post")
@pytest.mark.parametrize("token", [str(uuid.uuid4()), ""], ids=["with a token", "without a token"])
def test_concurrent_duplicate_submissions_create_one_post(common, student, classmate, outsider, token, record_property):
    parent = write_post(outsider, common, "Who is coming?")
    clients = [Client() for _number in range(REQUESTS)]
    for client in clients:
        client.force_login(student)
    fields = {"body": "@kim and me", "reply_to": parent.pk, "token": token}

    responses = run_concurrently(REQUESTS, lambda index: clients[index].post("/rooms/common/", fields))

    post = Post.objects.get(author=student)
    record_property("figure", f"{REQUESTS} at once: 1 post")
    assert {getattr(response, "status_code", response) for response in responses} == {302}
    assert {response["Location"] for response in responses} == {f"/rooms/common/#post-{post.pk}"}
    assert sorted(Notification.objects.values_list("recipient__username", "kind")) == [
        ("kim", "mention"),
        ("olu", "reply"),
    ]


@pytest.mark.guarantee("writers")
def test_concurrent_posts_by_different_users_are_all_saved(common, record_property):
    users = [StudentFactory() for _number in range(REQUESTS)]
    clients = [Client() for _user in users]
    for client, user in zip(clients, users, strict=True):
        client.force_login(user)

    responses = run_concurrently(
        REQUESTS, lambda index: clients[index].post("/rooms/common/", {"body": f"Hello from {index}"})
    )

    record_property("figure", f"{REQUESTS} writers at once: 0 errors")
    assert {getattr(response, "status_code", response) for response in responses} == {302}
    assert {post.body for post in Post.objects.all()} == {f"Hello from {index}" for index in range(REQUESTS)}


def test_concurrent_posts_get_consecutive_revisions(common):
    users = [StudentFactory() for _number in range(10)]

    posts = run_concurrently(10, lambda index: [write_post(users[index], common, f"{text} {index}") for text in "abc"])

    revisions = [post.revision for written in posts for post in written]
    common.refresh_from_db()
    assert sorted(revisions) == list(range(1, 31))
    assert common.revision == 30
    # Ids increase with revisions, so a poll that has fetched a revision has fetched all smaller ids.
    in_order = Post.objects.order_by("revision").values_list("pk", flat=True)
    assert list(in_order) == sorted(in_order)


def test_concurrent_removals_create_one_log_entry(common, student, admin):
    post = write_post(student, common, "Nonsense")

    run_concurrently(8, lambda _index: remove_post(Post.objects.get(pk=post.pk), admin, "nonsense"))

    assert LogEntry.objects.filter(object_id=str(post.pk), action_flag=3).count() == 1


def test_stale_edit_of_a_removed_post_is_refused(common, student, classmate, admin):
    post = write_post(student, common, "Nonsense")
    stale_post = Post.objects.get(pk=post.pk)
    remove_post(post, admin)

    with pytest.raises(PostRemoved):
        edit_post(stale_post, "More nonsense, @kim", student)

    post.refresh_from_db()
    assert (post.body, post.edited_at) == ("Nonsense", None)
    assert not Notification.objects.exists()


def test_concurrent_reads_create_one_membership(common, student):
    post = write_post(StudentFactory(), common, "Hello")
    clients = [Client() for _number in range(8)]
    for client in clients:
        client.force_login(student)

    responses = run_concurrently(8, lambda index: clients[index].post("/rooms/common/read/", {"upto": post.pk}))

    assert {getattr(response, "status_code", response) for response in responses} == {302}
    assert student.memberships.get().last_read == post.pk
