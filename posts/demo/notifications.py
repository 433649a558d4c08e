"""Who has read what, and the notifications of posts."""

from datetime import timedelta

from posts.models import Notification


def plan_reading(rng, cast, first_id, count):
    """Return {user id: the id up to which they read all}: most are up to date, a few have been away.

    Those whom the sign-ins name come back to a handful of news.
    """
    last = first_id + count - 1
    known = set(cast.known.values())
    reads_to = {}
    for user in cast.everybody:
        luck = rng.random()
        behind = 0 if luck < 0.6 else rng.randint(1, max(1, count // (40 if luck < 0.9 else 3)))
        if user in known:
            behind = 16 if count >= 40 else count // 10
        reads_to[user.pk] = last - behind
    return reads_to


def notifications_of(post, told, reads_to, rng, until):
    """Yield the unsaved notifications of one post, read by those who have read so far."""
    # In the order of ids: a set's own order is not the same in every run.
    for person, kind in sorted(told.items()):
        is_read = post.pk <= reads_to.get(person, 0)
        seen = min(post.created_at + timedelta(seconds=rng.uniform(30, 6 * 3600)), until)
        yield Notification(
            recipient_id=person, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id,
            created_at=post.created_at, read_at=seen if is_read else None,
        )  # fmt: skip
