"""The repair of `Room.newest_post`."""

import pytest

from posts.actions import repair_newest_posts
from posts.models import Post, Room
from posts.tests.factories import PostFactory, RoomFactory

pytestmark = pytest.mark.django_db(transaction=True)


def newest_posts():
    return dict(Room.objects.values_list("slug", "newest_post"))


def test_newest_posts_of_an_older_version_are_repaired():
    written, removed, _unused, empty = (RoomFactory(slug=slug) for slug in ("written", "removed", "unused", "empty"))
    posts = [PostFactory(room=room) for room in (written, written, removed, removed, empty)]
    Post.objects.filter(pk__in=[posts[3].pk, posts[4].pk]).update(removed_at=posts[3].created_at)
    Room.objects.exclude(slug="common").update(newest_post=posts[0].pk)

    assert repair_newest_posts() == 4
    assert newest_posts() == {"common": 0, "written": posts[1].pk, "removed": posts[2].pk, "unused": 0, "empty": 0}
    assert repair_newest_posts() == 0
