"""At a million posts, the database finds by an index what the site asks: it reads no table, and sorts none."""

from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from accounts.tests.factories import AdminFactory
from posts import rendering
from posts.actions import edit_post, read_notifications, remove_post, write_post
from posts.live import queries
from posts.models import Notification, Post, Room
from posts.tests import million
from posts.tests.plans import KEY, explain_queries
from posts.tests.support import html_of

MIDDLE = million.POSTS // 2
PAGE = 1000  # rows that a page may read, of all tables: it shows 51 posts, what they reply to, and their authors


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        try:
            yield million.fill()
        finally:
            million.empty()


@pytest.fixture(autouse=True)
def undone(school, db):
    """Undo what a test does at once: else SQLite first checks the keys of a million rows, each time."""
    rendering.clear_cache()
    yield
    transaction.set_rollback(True)


@pytest.fixture(params=["student", "administrator"])
def client(request, school):
    """Somebody's client: what an administrator may see is asked for in other words."""
    return client_of(AdminFactory() if request.param == "administrator" else school.people[7])


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def read_well(plans, *indexes, most=PAGE):
    """Whether `plans` use each of `indexes`, read `most` rows at the most, and neither scan nor sort a large table."""
    for plan in plans:
        assert plan.scans == [], plan.text
        assert plan.sorts == [], plan.text
        assert plan.read <= most, plan.text
    used = set().union(*[plan.found_by for plan in plans])
    assert used >= {*indexes}, "\n".join(plan.text for plan in plans)
    return True


@pytest.mark.parametrize("room", ["common", "room", "quiet"])
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        f"?before={MIDDLE}",
        f"?before={million.POSTS}",
        f"?after={MIDDLE}",
        "?after=0",
        f"?at={MIDDLE}",
        "?at=1",
        f"?at={million.POSTS}",
    ],
)
def test_conversation(client, school, room, cursor):
    slug = school.rooms[1].slug if room == "room" else room

    with explain_queries() as plans:
        answer = client.get(f"/rooms/{slug}/{cursor}")

    assert 'data-post="' in html_of(answer)
    # Where nearly all is in the common room, PostgreSQL may walk by the ids and leave out what is elsewhere.
    assert read_well(plans, KEY if room == "common" else "post_conversation", "notification_badge")


def test_oldest_page(client, school):
    with explain_queries() as plans:
        answer = client.get("/rooms/common/?before=60")

    assert 'data-post="1"' in html_of(answer)
    # So few are left that the ids themselves are as good an index.
    assert read_well(plans, "notification_badge")


@pytest.mark.parametrize(("room", "after"), [("common", 999_900), ("common", 400_000), ("quiet", 900_000)])
def test_poll(client, school, room, after):
    with explain_queries() as plans:
        answer = client.get(f"/rooms/{room}/updates/?after={after}")

    assert answer.status_code in (200, 205)
    assert read_well(plans, "post_changes", most=2 * PAGE)


@pytest.mark.parametrize("query", ["", f"?before={MIDDLE}", "?before=9000"])
@pytest.mark.parametrize("whose", ["busy", "quiet", "nothing"])
def test_profile(client, school, whose, query):
    person = {"busy": school.people[9], "quiet": school.quiet_author, "nothing": school.newcomer}[whose]

    with explain_queries() as plans:
        client.get(f"{person.get_absolute_url()}{query}")

    # A user's posts are counted in the index alone; for a user without posts, every index by author is as good.
    index = [] if whose == "nothing" else ["post_count"]
    assert read_well(plans, *index, most=4 * million.POSTS // million.PEOPLE)
    if whose == "busy":
        assert read_well(plans, "post_by_author", most=4 * million.POSTS // million.PEOPLE)


@pytest.mark.parametrize("path", ["/rooms/", "/home/"])
def test_list_of_rooms_reads_no_posts(client, school, path):
    with explain_queries() as plans:
        client.get(path, follow=True)

    assert read_well(plans)
    assert not any("posts_post" in plan.text for plan in plans if "posts_notification" not in plan.text)


@pytest.mark.parametrize("page", [1, 9])
def test_notifications(client, school, page):
    with explain_queries() as plans:
        client.get(f"/notifications/?page={page}")

    assert read_well(plans, "notification_badge", most=2 * PAGE)


def test_badge(client, school):
    with explain_queries() as plans:
        client.get("/notifications/unread/")

    assert read_well(plans, "notification_badge")


def test_marking_notifications_read(school):
    with explain_queries() as plans:
        assert read_notifications(school.people[7], Notification.objects.all()) == million.UNREAD

    assert read_well(plans, "notification_badge")


def test_permalink(client, school):
    with explain_queries() as plans:
        assert client.get(f"/posts/{MIDDLE}/").status_code == 302

    assert read_well(plans, KEY)


@pytest.mark.parametrize("who", ["busy", "newcomer"])
@pytest.mark.parametrize("room", ["common", "quiet"])
@pytest.mark.parametrize(
    ("token", "index"), [(None, "post_by_author"), (UUID(int=2**100), "one_post_per_author_and_token")]
)
def test_writing(school, who, room, token, index):
    author = school.newcomer if who == "newcomer" else school.people[9]
    room = Room.objects.get(slug=room)
    parent = Post.objects.in_room(room).last()

    with explain_queries() as plans:
        write_post(author, room, "What a day", parent, token)

    assert read_well(plans, index)


def test_editing_and_removing_look_for_replies_and_notifications(school):
    post = Post.objects.filter(notifications__isnull=False, replies__isnull=False, removed_at=None).first()

    with explain_queries() as plans:
        edit_post(post, f"What a day, @{school.newcomer.username}", post.author)
        remove_post(post, post.author)

    assert read_well(plans, "posts_post_reply_to_id", "posts_notification_post_id", KEY)


@pytest.mark.parametrize("upto", ["", "500"])
def test_marking_a_room_as_read(client, school, upto):
    with explain_queries() as plans:
        client.post("/rooms/quiet/read/", {"upto": upto})

    assert read_well(plans)


def test_live_streams(school):
    users = [user.pk for user in school.people[:50]]

    with explain_queries() as plans:
        assert queries.fetch(school.common.pk, 999_900, 999_999, users).events
        assert million.UNREAD in [viewer.unread for viewer in queries.viewers(users).values()]
        _revisions, notification = queries.poll([school.common.pk])
        assert queries.recipients_since(notification - 10)

    assert read_well(plans, "post_changes", "notification_badge", most=5 * PAGE)


@pytest.mark.parametrize("path", ["/admin/posts/post/", "/admin/posts/notification/"])
def test_administrators_list_sorts_nothing(path):
    with explain_queries() as plans:
        assert client_of(AdminFactory()).get(path).status_code == 200

    # It counts them all, which reads an index.
    assert [plan.sorts for plan in plans if plan.sorts] == []


def test_a_query_without_an_index_is_noticed(school):
    """Such a query is what the tests above are for."""
    with explain_queries() as plans:
        list(Post.objects.filter(body="What a day"))
        list(Post.objects.order_by("edited_at")[:9])

    assert all(plan.scans for plan in plans)
    assert plans[1].sorts
    assert min(plan.read for plan in plans) > PAGE
