"""Functions that operations call after a change to a room or a notification."""

from collections.abc import Callable

from django.db import transaction

_subscribers: set[Callable[[bool], None]] = set()


def subscribe(callback: Callable[[bool], None]) -> None:
    """Call `callback(recount)` after each commit that changes a room or a notification, in the thread of the commit.

    `recount` is whether unread counts may have changed.
    """
    _subscribers.add(callback)


def unsubscribe(callback: Callable[[bool], None]) -> None:
    """Stop calling `callback`."""
    _subscribers.discard(callback)


def publish(room) -> None:
    """Save the new `revision` and the `newest_post` of a room, and wake the live streams after the commit.

    The caller holds the lock of the room's row and has incremented the revision. Because the lock is held until the
    commit, revisions become visible in order.
    """
    room.save(update_fields=["revision", "newest_post"])
    transaction.on_commit(_wake_for_room, robust=True)


def wake() -> None:
    """Wake the live streams after the commit, because a notification was written or read."""
    transaction.on_commit(_wake_for_notification, robust=True)


def _wake_for_room() -> None:
    for callback in list(_subscribers):
        callback(False)


def _wake_for_notification() -> None:
    for callback in list(_subscribers):
        callback(True)
