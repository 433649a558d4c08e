"""The notifications of a demo school, and the last post that each user has read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from posts.demo.users import DemoUsers
from posts.models import Membership, Notification, Post


def choose_last_read(rng: Random, users: DemoUsers, first_id: int, count: int) -> dict[int, int]:
    """Return {user id: id of the last post read}, for posts with the ids from `first_id` on.

    Most users are up to date and a few have been away. Users with printed credentials have a few unread posts.
    """
    last_id = first_id + count - 1
    with_sign_in = set(users.sign_ins.values())
    last_read = {}
    for user in users.all:
        draw = rng.random()
        unread = 0 if draw < 0.6 else rng.randint(1, max(1, count // (40 if draw < 0.9 else 3)))
        if user in with_sign_in:
            unread = 16 if count >= 40 else count // 10
        last_read[user.pk] = last_id - unread
    return last_read


def build_post_notifications(
    post: Post, kinds: dict[int, str], last_read: dict[int, int], rng: Random, until: datetime
) -> Iterator[Notification]:
    """Yield the unsaved notifications of `post`, given {recipient id: kind}. They are read if the post is read."""
    # Sorted by id, because the order of a set differs between runs.
    for recipient, kind in sorted(kinds.items()):
        is_read = post.pk <= last_read.get(recipient, 0)
        read_at = min(post.created_at + timedelta(seconds=rng.uniform(30, 6 * 3600)), until)
        yield Notification(
            recipient_id=recipient, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id,
            created_at=post.created_at, read_at=read_at if is_read else None,
        )  # fmt: skip


def build_request_notifications(memberships: list[Membership]) -> list[Notification]:
    """Return unsaved notifications that inform owners of join requests, oldest first."""
    requests = [membership for membership in memberships if membership.state == Membership.State.APPLIED]
    requests.sort(key=lambda request: request.created_at)
    return [
        Notification(
            recipient_id=request.room.owner_id, actor_id=request.user_id, kind="applied", room=request.room,
            created_at=request.created_at,
        )
        for request in requests
    ]  # fmt: skip
