"""Transactions that write: one writer at a time on SQLite, and a bounded retry after a deadlock.

Every operation locks in the same order: rooms by id, then users by id, then everything else.
"""

import random
import threading
import time
from contextlib import contextmanager
from functools import wraps

from django.db import OperationalError, connection, transaction

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own busy handler is enough for development
    fcntl = None

ATTEMPTS = 5
DEADLOCK_CODES = {"40P01", "40001", 1213}  # PostgreSQL: deadlock, serialization failure; MariaDB: deadlock

_turn = threading.Lock()


@contextmanager
def writing():
    """Open a transaction that writes.

    SQLite retries a busy lock after up to 100 ms, so that under load the oldest writer waits longest. Here the threads
    of a process take turns, and processes wait for an advisory lock on a file next to the database, which they try
    every millisecond. A nested call opens a savepoint. Raises OperationalError if it is not this thread's turn within
    the `timeout` of the database's OPTIONS.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db() or fcntl is None:
        with transaction.atomic():
            yield
        return
    timeout = connection.settings_dict["OPTIONS"]["timeout"]
    deadline = time.monotonic() + timeout
    if not _turn.acquire(timeout=timeout):
        raise OperationalError("database is locked")
    try:
        with open(f"{connection.settings_dict['NAME']}.lock", "ab") as file:
            _acquire(file, deadline)
            with transaction.atomic():
                yield
    finally:
        _turn.release()


def operation(function):
    """Run `function` in a transaction that writes, and again if the database ends it to resolve a deadlock.

    An operation called by another one uses a savepoint of its transaction, which is retried as a whole. The function
    must be safe to run again: it may not rely on changes that an earlier attempt made to its arguments.
    """

    @wraps(function)
    def run(*args, **kwargs):
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with writing():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not is_deadlock(error):
                    raise
            time.sleep(random.uniform(0, 0.02 * attempt))

    return run


def lock(queryset):
    """Return `queryset` with its rows locked until the transaction ends, in the order of their primary keys.

    On PostgreSQL the lock does not block foreign key checks of other transactions. SQLite has a single writer instead.
    """
    return queryset.select_for_update(no_key=connection.features.has_select_for_no_key_update).order_by("pk")


def is_deadlock(error):
    """Return whether the database raised `error` because it chose this transaction to resolve a deadlock."""
    code = getattr(error.__cause__, "sqlstate", None) or (error.args[0] if error.args else None)
    return code in DEADLOCK_CODES


def _acquire(file, deadline):
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise OperationalError("database is locked") from None
        time.sleep(0.001)
