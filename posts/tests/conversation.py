"""Helpers for tests of a conversation."""

from django.utils import timezone

from posts.models import Post

NOON = timezone.now().replace(year=2026, month=3, day=2, hour=12, minute=0, second=0, microsecond=0)


def create_posts(room, author, number, gaps=None):
    """Create `number` posts and return their ids. The ids have gaps if `gaps`, a Random, is passed."""
    ids, pk = [], 10**9  # above the ids that the database assigns
    for _number in range(number):
        pk += gaps.choice([1, 1, 1, 2, 7, 100]) if gaps else 1
        ids.append(pk)
    Post.objects.bulk_create(Post(pk=pk, room=room, author=author, body=f"number {pk}") for pk in ids)
    return ids
