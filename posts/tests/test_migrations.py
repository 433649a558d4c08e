"""Data migrations, run from the state before them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("posts", "0002_common_room")]


@pytest.fixture
def old_apps():
    """The models before the migration that fills memberships. The newest migrations are applied afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    migrate_to_newest()


def migrate_to_newest():
    executor = MigrationExecutor(connection)
    newest = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "posts"]
    executor.migrate(newest)
    return executor.loader.project_state(newest).apps


def test_memberships_and_newest_posts_are_filled(old_apps):
    User, Room, Membership, Post = (
        old_apps.get_model(name) for name in ("accounts.User", "posts.Room", "posts.Membership", "posts.Post")
    )

    def user(name, **values):
        return User.objects.create(username=name, email=f"{name}@school.example", **values)

    common, _created = Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})
    names = ["new", "applied", "declined", "member", "removed", "owner", "inactive"]
    users = {name: user(name, is_active=name != "inactive") for name in names}
    user("closed", is_active=False, closed_at=timezone.now())
    for state in ("applied", "declined", "member", "removed"):
        Membership.objects.create(room=common, user=users[state], state=state, last_read=7)
    room = Room.objects.create(slug="maths", name="Maths", owner=users["owner"])
    other = Room.objects.create(slug="art", name="Art", owner=users["owner"])
    Membership.objects.create(room=other, user=users["owner"], state="applied", last_read=3)
    first = Post.objects.create(room=room, author=users["owner"], body="Hello")
    Post.objects.create(room=room, author=users["owner"], body="Removed", removed_at=timezone.now())

    apps = migrate_to_newest()

    rows = apps.get_model("posts.Membership").objects.order_by("user__username")
    assert list(rows.filter(room=common.pk).values_list("user__username", "state", "last_read")) == [
        ("applied", "member", 7),
        ("declined", "member", 7),
        ("inactive", "member", 0),
        ("member", "member", 7),
        ("new", "member", 0),
        ("owner", "member", 0),
        ("removed", "removed", 7),
    ]
    assert list(rows.filter(room=room.pk).values_list("user__username", "state")) == [("owner", "member")]
    assert list(rows.filter(room=other.pk).values_list("state", "last_read")) == [("member", 3)]
    newest = apps.get_model("posts.Room").objects.order_by("slug").values_list("slug", "newest_post")
    assert list(newest) == [("art", 0), ("common", 0), ("maths", first.pk)]
