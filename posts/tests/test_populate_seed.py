"""A seed gives the same school each time, in one transaction."""

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry

from accounts.models import User
from posts.models import Membership, Notification, Post, Room
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def snapshot():
    """Return everything that a run wrote, in a form that does not depend on ids."""
    numbers = {pk: number for number, pk in enumerate(Post.objects.order_by("pk").values_list("pk", flat=True))}
    user_fields = (
        "username",
        "email",
        "first_name",
        "last_name",
        "role",
        "location",
        "description",
        "date_joined",
        "approved_at",
    )
    post_fields = (
        "author__username",
        "room__slug",
        "body",
        "mentions",
        "created_at",
        "edited_at",
        "removed_at",
        "revision",
    )
    notifications = Notification.objects.order_by("pk")
    return {
        "users": list(User.objects.order_by("username").values_list(*user_fields)),
        "rooms": list(Room.objects.exclude(is_common=True).order_by("slug").values_list("name", "owner__username")),
        "memberships": sorted(Membership.objects.values_list("user__username", "room__slug", "state", "notify")),
        "posts": list(Post.objects.order_by("pk").values_list(*post_fields)),
        "replies": [numbers.get(pk) for pk in Post.objects.order_by("pk").values_list("reply_to", flat=True)],
        "notifications": list(notifications.values_list("recipient__username", "actor__username", "kind")),
    }


def delete_school():
    """Delete everything that a run wrote."""
    for model in (Notification, Membership, LogEntry):
        model.objects.all().delete()
    Post.objects.update(reply_to=None)
    Post.objects.all().delete()
    Room.objects.exclude(is_common=True).delete()
    Room.objects.update(revision=0)
    User.objects.all().delete()


def test_same_seed_gives_the_same_school():
    populate()
    first = snapshot()
    delete_school()

    populate()

    assert snapshot() == first


def test_different_seed_gives_a_different_school():
    populate()
    first = snapshot()
    delete_school()

    populate(seed=4)

    second = snapshot()
    assert second["posts"] != first["posts"]
    assert second["users"] != first["users"]


def test_join_codes_do_not_depend_on_the_seed():
    populate()
    codes = set(Room.objects.exclude(is_common=True).values_list("join_code", flat=True))
    delete_school()

    populate()

    assert not codes & set(Room.objects.exclude(is_common=True).values_list("join_code", flat=True))


def test_error_rolls_back_everything(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("out of memory")

    monkeypatch.setattr("posts.demo.school.set_last_read", fail)

    with pytest.raises(RuntimeError):
        populate()

    assert not User.objects.exists()
    assert not Post.objects.exists()


def test_audit_log_records_users_rooms_and_removed_posts():
    populate(students=30, posts=600)

    log = LogEntry.objects
    assert log.filter(action_flag=ADDITION, content_type__model="user").count() == User.objects.count()
    assert log.filter(action_flag=ADDITION, content_type__model="room").count() == Room.objects.count() - 1
    removals = log.filter(action_flag=DELETION, content_type__model="post")
    assert {int(pk) for pk in removals.values_list("object_id", flat=True)} == set(
        Post.objects.exclude(removed_at=None).values_list("pk", flat=True)
    )


def test_next_post_gets_a_new_id():
    populate()
    last = Post.objects.latest("pk")

    post = Post.objects.create(room=last.room, author=last.author, body="One more.")

    assert post.pk > last.pk
