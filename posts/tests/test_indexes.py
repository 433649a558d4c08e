"""With a million posts, queries use an index, and neither scan nor sort a large table."""

from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from accounts.tests.factories import AdminFactory
from posts import rendering
from posts.actions import edit_post, read_notifications, remove_post, restore_post, write_post
from posts.live import queries
from posts.live.news import MAX_POSTS
from posts.models import Membership, Notification, Post, Room
from posts.tests import million
from posts.tests.plans import PAGE, PRIMARY_KEY, explain_queries, uses_indexes
from posts.tests.support import html_of

MIDDLE, LAST = million.POSTS // 2, million.POSTS
CURSORS = [
    "",
    f"?before={MIDDLE}",
    f"?before={LAST}",
    f"?after={MIDDLE}",
    "?after=0",
    f"?at={MIDDLE}",
    "?at=1",
    f"?at={LAST}",
]


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            yield million.create_school()
        finally:
            million.flush_database()


@pytest.fixture(autouse=True)
def rollback(school, db):
    """Roll back before the test case does, which would first check the foreign keys of a million rows on SQLite."""
    rendering.clear_cache()
    yield
    transaction.set_rollback(True)


@pytest.fixture(params=["student", "administrator"])
def client(request, school):
    """A client of a student or an administrator, whose queries differ."""
    return create_client(AdminFactory() if request.param == "administrator" else school.users[7])


def create_client(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("room", ["common", "room", "quiet"])
@pytest.mark.parametrize("cursor", CURSORS)
def test_conversation(client, school, room, cursor):
    slug = school.rooms[1].slug if room == "room" else room

    with explain_queries() as plans:
        response = client.get(f"/rooms/{slug}/{cursor}")

    assert 'data-post="' in html_of(response)
    # Most posts are in the common room, so PostgreSQL may scan the primary key and skip the others.
    assert uses_indexes(plans, PRIMARY_KEY if room == "common" else "post_conversation", "notification_badge")


def test_oldest_page(client, school):
    with explain_queries() as plans:
        response = client.get("/rooms/common/?before=60")

    assert 'data-post="1"' in html_of(response)
    # Few posts are older, so the primary key is just as good an index.
    assert uses_indexes(plans, "notification_badge")


@pytest.mark.parametrize(("room", "after"), [("common", LAST - 100), ("common", MIDDLE), ("quiet", LAST * 9 // 10)])
def test_poll(client, school, room, after):
    with explain_queries() as plans:
        response = client.get(f"/rooms/{room}/updates/?after={after}")

    assert response.status_code in (200, 205)
    assert uses_indexes(plans, "post_changes", max_rows=2 * PAGE)


@pytest.mark.parametrize("query", ["", f"?before={MIDDLE}", "?before=9000"])
@pytest.mark.parametrize("author", ["busy", "quiet", "none"])
def test_profile(client, school, author, query):
    user = {"busy": school.users[9], "quiet": school.quiet_author, "none": school.newcomer}[author]

    with explain_queries() as plans:
        client.get(f"{user.get_absolute_url()}{query}")

    # A user's posts are counted in the index alone; for a user without posts, every index by author is as good.
    index = [] if author == "none" else ["post_count"]
    assert uses_indexes(plans, *index, max_rows=4 * million.POSTS // million.USERS)
    if author == "busy":
        assert uses_indexes(plans, "post_by_author", max_rows=4 * million.POSTS // million.USERS)


@pytest.mark.parametrize("path", ["/rooms/", "/home/"])
def test_room_list(client, school, path):
    # Unread posts in most rooms: none in some, more than the list counts in others, and the whole common room.
    Membership.objects.filter(room=school.common).update(last_read=1)

    with explain_queries() as plans:
        client.get(path, follow=True)

    assert uses_indexes(plans, "notification_badge", max_rows=10 * PAGE)


@pytest.mark.parametrize("page", [1, 9])
def test_notifications(client, school, page):
    with explain_queries() as plans:
        client.get(f"/notifications/?page={page}")

    assert uses_indexes(plans, "notification_badge", max_rows=2 * PAGE)


def test_badge(client, school):
    with explain_queries() as plans:
        client.get("/notifications/unread/")

    assert uses_indexes(plans, "notification_badge")


def test_marking_notifications_read(school):
    with explain_queries() as plans:
        assert read_notifications(school.users[7], Notification.objects.all()) == million.UNREAD

    assert uses_indexes(plans, "notification_badge")


def test_permalink(client, school):
    with explain_queries() as plans:
        assert client.get(f"/posts/{MIDDLE}/").status_code == 302

    assert uses_indexes(plans, PRIMARY_KEY)


@pytest.mark.parametrize("author", ["busy", "newcomer"])
@pytest.mark.parametrize("room", ["common", "quiet"])
@pytest.mark.parametrize(
    ("token", "index"), [(None, "post_by_author"), (UUID(int=2**100), "one_post_per_author_and_token")]
)
def test_writing(school, author, room, token, index):
    author = school.newcomer if author == "newcomer" else school.users[9]
    room = Room.objects.get(slug=room)
    parent = Post.objects.in_room(room).last()

    with explain_queries() as plans:
        write_post(author, room, "What a day", parent, token)

    assert uses_indexes(plans, index)


def test_editing_and_removing(school):
    post = Post.objects.filter(notifications__isnull=False, replies__isnull=False, removed_at=None).first()

    with explain_queries() as plans:
        edit_post(post, f"What a day, @{school.newcomer.username}", post.author)
        remove_post(post, post.author)
        restore_post(post, post.author)

    assert uses_indexes(plans, "posts_post_reply_to_id", "posts_notification_post_id", PRIMARY_KEY)


@pytest.mark.parametrize("upto", ["", "500"])
def test_marking_a_room_as_read(client, school, upto):
    with explain_queries() as plans:
        client.post("/rooms/quiet/read/", {"upto": upto})

    assert uses_indexes(plans)


def test_live_streams(school):
    users = [user.pk for user in school.users[:50]]

    with explain_queries() as plans:
        assert queries.fetch(school.common.pk, LAST - 100, LAST - 1, users, ["en-gb"]).events["en-gb"]
        assert million.UNREAD in [viewer.unread for viewer in queries.viewers(users).values()]
        states, notification = queries.poll([school.common.pk])
        assert queries.recipients_since(notification - 10)
        assert len(queries.new_posts({school.common.pk: MIDDLE}, states)[school.common.pk]) == MAX_POSTS

    assert uses_indexes(plans, "post_changes", "notification_badge", max_rows=5 * PAGE)


@pytest.mark.parametrize("path", ["/admin/posts/post/", "/admin/posts/notification/"])
@pytest.mark.parametrize("query", ["", "?o=-1.-2.-3.-4.5", "?created_at__gte=2024-01-01 00:00:00%2B00:00"])
def test_admin_changelist_does_not_sort(path, query):
    with explain_queries() as plans:
        assert create_client(AdminFactory()).get(path + query).status_code == 200

    # It counts all rows, which scans an index.
    assert [plan.sorts for plan in plans if plan.sorts] == []


def test_query_without_an_index_is_detected(school):
    with explain_queries() as plans:
        list(Post.objects.filter(body="What a day"))
        list(Post.objects.order_by("edited_at")[:9])

    assert all(plan.scans for plan in plans)
    assert plans[1].sorts
    assert min(plan.rows_read for plan in plans) > PAGE
