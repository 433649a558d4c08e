"""Functions that operations call after a change to a room or a notification."""

from collections.abc import Callable, Collection

from django.db import transaction

_subscribers: set[Callable[[Collection[int]], None]] = set()


def subscribe(callback: Callable[[Collection[int]], None]) -> None:
    """Call `callback(users)` after each commit that changes a room or a notification, in the thread of the commit.

    `users` are the ids of the users whose unread count, or the rooms that they can see, may have changed.
    """
    _subscribers.add(callback)


def unsubscribe(callback: Callable[[Collection[int]], None]) -> None:
    """Stop calling `callback`."""
    _subscribers.discard(callback)


def publish(room) -> None:
    """Save the new `revision` and the `newest_post` of a room, and wake the live streams after the commit.

    The caller must have locked the room's row and incremented the revision. Because the lock is held until the commit,
    revisions become visible in order.
    """
    room.save(update_fields=["revision", "newest_post"])
    wake()


def wake(*users: int) -> None:
    """Wake the live streams after the commit. `users` are the ids of users to update (see `subscribe`)."""

    def call_subscribers():
        for callback in list(_subscribers):
            callback(users)

    transaction.on_commit(call_subscribers, robust=True)
