"""Migrations from each release to the newest state, with data."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from posts.models import Notification, Post, Room

# The last migrations of each release. Add a row for each release, and never remove one.
RELEASES = {
    "before 1.0": [("accounts", "0001_initial"), ("posts", "0001_initial")],
}
# Databases from before version 1.0 have recorded these names, so Django would skip a migration with such a name.
USED_NAMES = {
    ("accounts", "0002_verbose_names"),
    ("posts", "0002_common_room"),
    ("posts", "0003_newest_post"),
    ("posts", "0004_fill_newest_post_and_memberships"),
    ("posts", "0005_plain_labels"),
}


def migrate(targets):
    """Migrate to `targets` and return the models in that state."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def newest():
    graph = MigrationLoader(connection).graph
    return [node for node in graph.leaf_nodes() if node[0] in ("accounts", "posts")]


@pytest.fixture(params=RELEASES.values(), ids=RELEASES)
def release_apps(request):
    """The models of a release. The newest migrations are applied afterwards."""
    yield migrate(request.param)
    migrate(newest())


@pytest.mark.guarantee("migrations")
@pytest.mark.django_db(transaction=True)
def test_data_survives_the_migration_from_each_release(release_apps):
    User, Room, Membership, Post, Notification = (
        release_apps.get_model(name)
        for name in ("accounts.User", "posts.Room", "posts.Membership", "posts.Post", "posts.Notification")
    )
    ada = User.objects.create(username="ada", email="ada@school.example", role="teacher", location="Maple House")
    sam = User.objects.create(username="sam", email="sam@school.example")
    User.objects.create(username="olu", email="")
    room = Room.objects.create(slug="maths", name="Maths", owner=ada)
    Membership.objects.create(room=room, user=sam, state="member", last_read=7)
    post = Post.objects.create(room=room, author=ada, body="Hello @sam", mentions=["sam"])
    Notification.objects.create(recipient=sam, actor=ada, kind="mention", post=post, room=room)

    apps = migrate(newest())

    users = apps.get_model("accounts.User").objects.order_by("username")
    assert list(users.values_list("username", "email", "role", "location")) == [
        ("ada", "ada@school.example", "teacher", "Maple House"),
        ("olu", None, "student", ""),
        ("sam", "sam@school.example", "student", ""),
    ]
    memberships = apps.get_model("posts.Membership").objects
    assert list(memberships.values_list("room__slug", "user__username", "last_read")) == [("maths", "sam", 7)]
    posts = apps.get_model("posts.Post").objects
    assert list(posts.values_list("pk", "body", "mentions")) == [(post.pk, "Hello @sam", ["sam"])]
    notifications = apps.get_model("posts.Notification").objects
    assert list(notifications.values_list("recipient", "post", "kind")) == [(sam.pk, post.pk, "mention")]


@pytest.mark.django_db
def test_no_migration_has_a_name_that_older_databases_have_recorded():
    assert not USED_NAMES & set(MigrationLoader(connection).disk_migrations)


@pytest.mark.parametrize(
    ("model", "column"),
    [(User, "language"), (Room, "attachments"), (Post, "reactions"), (Notification, "withdrawn")],
)
def test_new_columns_have_a_default_for_processes_of_the_version_before(model, column):
    assert model._meta.get_field(column).has_db_default()


@pytest.mark.django_db
def test_processes_of_the_version_before_can_save_posts(room, student):
    columns = "room_id, author_id, body, mentions, created_at, revision"
    with connection.cursor() as cursor:
        values = [room.pk, student.pk, "Hello", "[]", room.created_at, 1]
        cursor.execute(f"INSERT INTO posts_post ({columns}) VALUES (%s, %s, %s, %s, %s, %s)", values)

    assert Post.objects.get().reactions == {}
