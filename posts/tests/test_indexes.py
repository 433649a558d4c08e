"""The database finds a page of a conversation by its index, on each database."""

import pytest
from django.db import connection

from posts.models import LAST_ID, Post
from posts.tests.factories import PostFactory, RoomFactory


@pytest.fixture
def plan_of(db, common_room):
    """Return a function that tells how the database would answer a queryset, with rows enough for it to choose."""
    quiet, loud = PostFactory(room=common_room), PostFactory(room=RoomFactory())
    kinds = [quiet] + [loud] * 49
    Post.objects.bulk_create(
        Post(room=kind.room, author=kind.author, body="Hello", revision=number)
        for number in range(6000)
        for kind in [kinds[number % len(kinds)]]
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE posts_post")
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        elif connection.vendor == "mysql":
            cursor.execute("ANALYZE TABLE posts_post")
            cursor.fetchall()

    return lambda queryset: queryset.explain()


@pytest.mark.parametrize(
    "page",
    [
        lambda posts, middle: posts.newest_first()[:51],
        lambda posts, middle: posts.before(middle).newest_first()[:51],
        lambda posts, middle: posts.before(LAST_ID).newest_first()[:51],
        lambda posts, middle: posts.after(middle).order_by("pk")[:51],
        lambda posts, middle: posts.for_display().newest_first()[:51],
    ],
    ids=["newest", "before", "before the last", "after", "for display"],
)
def test_page_of_a_conversation_uses_its_index(plan_of, common_room, page):
    posts = Post.objects.in_room(common_room)
    middle = posts.newest_first()[60].pk

    plan = plan_of(page(posts, middle))

    assert "post_conversation" in plan
    for sign in ("TEMP B-TREE", "filesort", "Sort  ("):
        assert sign not in plan


def test_poll_uses_its_index(plan_of, common_room):
    plan = plan_of(Post.objects.in_room(common_room).changed_since(5800)[:201])

    assert "post_changes" in plan


def test_profile_uses_its_index(plan_of, common_room):
    author = Post.objects.in_room(common_room).first().author

    assert "post_by_author" in plan_of(Post.objects.filter(author=author).newest_first()[:21])
