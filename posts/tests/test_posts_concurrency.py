"""Many at the same moment, each with a database connection of their own."""

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

MANY = 20


@pytest.fixture
def place():
    return Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})[0]


@pytest.mark.parametrize("token", [str(uuid.uuid4()), ""], ids=["with a token", "without a token"])
def test_same_post_sent_at_once_is_one_post_and_one_set_of_notifications(place, student, classmate, outsider, token):
    parent = write_post(outsider, place, "Who is coming?")
    clients = [Client() for _time in range(MANY)]
    for client in clients:
        client.force_login(student)
    sent = {"body": "@kim and me", "reply_to": parent.pk, "token": token}

    answers = run_concurrently(MANY, lambda index: clients[index].post("/rooms/common/", sent))

    post = Post.objects.get(author=student)
    assert {getattr(answer, "status_code", answer) for answer in answers} == {302}
    assert {answer["Location"] for answer in answers} == {f"/rooms/common/#post-{post.pk}"}
    assert sorted(Notification.objects.values_list("recipient__username", "kind")) == [
        ("kim", "mention"),
        ("olu", "reply"),
    ]
    assert LogEntry.objects.filter(object_id=str(post.pk)).count() == 1


def test_everybody_who_writes_at_once_is_heard(place):
    people = [StudentFactory() for _number in range(MANY)]
    clients = [Client() for _person in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)

    answers = run_concurrently(
        MANY, lambda index: clients[index].post("/rooms/common/", {"body": f"Hello from {index}"})
    )

    assert {getattr(answer, "status_code", answer) for answer in answers} == {302}
    assert {post.body for post in Post.objects.all()} == {f"Hello from {index}" for index in range(MANY)}


def test_revisions_rise_by_one_whoever_writes(place):
    people = [StudentFactory() for _number in range(10)]

    posts = run_concurrently(10, lambda index: [write_post(people[index], place, f"{word} {index}") for word in "abc"])

    revisions = [post.revision for written in posts for post in written]
    place.refresh_from_db()
    assert sorted(revisions) == list(range(1, 31))
    assert place.revision == 30
    # What has the greater id also came later: a poll that saw one has seen all before it.
    in_order = Post.objects.order_by("revision").values_list("pk", flat=True)
    assert list(in_order) == sorted(in_order)


def test_simultaneous_removals_create_one_log_entry(place, student, admin):
    post = write_post(student, place, "Nonsense")

    run_concurrently(8, lambda _index: remove_post(Post.objects.get(pk=post.pk), admin, "nonsense"))

    assert LogEntry.objects.filter(object_id=str(post.pk), action_flag=3).count() == 1


def test_edit_of_a_post_removed_meanwhile_is_refused(place, student, classmate, admin):
    post = write_post(student, place, "Nonsense")
    loaded_earlier = Post.objects.get(pk=post.pk)
    remove_post(post, admin)

    with pytest.raises(PostRemoved):
        edit_post(loaded_earlier, "More nonsense, @kim", student)

    post.refresh_from_db()
    assert (post.body, post.edited_at) == ("Nonsense", None)
    assert not Notification.objects.exists()


def test_everybody_who_reads_at_once_is_remembered_once(place, student):
    post = write_post(StudentFactory(), place, "Hello")
    clients = [Client() for _time in range(8)]
    for client in clients:
        client.force_login(student)

    answers = run_concurrently(8, lambda index: clients[index].post("/rooms/common/read/", {"upto": post.pk}))

    assert {getattr(answer, "status_code", answer) for answer in answers} == {302}
    assert student.memberships.get().last_read == post.pk
