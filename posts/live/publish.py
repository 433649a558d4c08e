"""Publishing of changes: the room's revision in the database, and a wake-up for this process."""

from django.db import transaction

_listener = None


def set_listener(wake_up):
    """Call `wake_up()`, which must be thread-safe, after each commit of this process that changes what pages show."""
    global _listener
    _listener = wake_up


def publish(room):
    """Save `revision` and `newest_post` of `room`, whose row the caller has locked, and wake the live streams."""
    room.save(update_fields=["revision", "newest_post"])
    wake()


def wake():
    """Wake the live streams of this process after the transaction commits. Other processes poll the database."""
    transaction.on_commit(_wake, robust=True)


def _wake():
    if _listener is not None:
        _listener()
