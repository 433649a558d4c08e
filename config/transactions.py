"""Transactions that write: one writer at a time on SQLite, and a limited number of retries after a deadlock.

Also snapshots, and the deletion of many rows.

Every operation locks rows in the same order: rooms by id, then users by id, then other tables.
"""

import random
import threading
import time
from contextlib import contextmanager
from functools import wraps

from django.db import OperationalError, connection, transaction

try:
    import fcntl
except ImportError:  # not on Windows, where SQLite's own busy handler is enough for development
    fcntl = None

ATTEMPTS = 5
CHUNK_SIZE = 500  # rows that one transaction of `delete_in_chunks` deletes
DEADLOCK_CODES = {"40P01", "40001", 1213}  # PostgreSQL: deadlock, serialization failure; MariaDB: deadlock

# Statements that start a transaction in which all queries see the same data. On SQLite, `atomic` takes the write lock.
_SNAPSHOT = {
    "sqlite": ["BEGIN DEFERRED"],
    "postgresql": ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"],
    "mysql": ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION READ ONLY"],
}

_write_lock = threading.Lock()
_waiting = []  # an item for each thread that waits for the lock; its methods are atomic
TURN_SECONDS = 0.003  # in which the other processes, which try every millisecond, can take the lock of the file


@contextmanager
def writing():
    """Open a transaction that writes.

    SQLite's busy handler sleeps up to 100 ms between attempts, so under load the oldest writer waits longest. Instead,
    threads of a process queue for a lock, and processes try an advisory lock on a file next to the database every
    millisecond. A nested call opens a savepoint. Raises OperationalError if the locks are not acquired within the
    `timeout` of the database's OPTIONS.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db() or fcntl is None:
        with transaction.atomic():
            yield
        return
    timeout = connection.settings_dict["OPTIONS"]["timeout"]
    deadline = time.monotonic() + timeout
    _waiting.append(None)
    try:
        is_acquired = _write_lock.acquire(timeout=timeout)
    finally:
        _waiting.pop()
    if not is_acquired:
        raise OperationalError("database is locked")
    try:
        with open(f"{connection.settings_dict['NAME']}.lock", "ab") as file:
            _acquire(file, deadline)
            _set_busy_timeout(deadline - time.monotonic())
            with transaction.atomic():
                yield
    finally:
        if _waiting:  # otherwise, the threads of this process would pass the lock on without a pause
            time.sleep(TURN_SECONDS)
        _write_lock.release()
        _set_busy_timeout(timeout)


@contextmanager
def snapshot():
    """Run all queries of a block on the same data, without locks. The block must not write.

    Inside a transaction, it uses that transaction.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        for statement in _SNAPSHOT[connection.vendor]:
            cursor.execute(statement)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def operation(function):
    """Decorate an operation: run it in a transaction that writes, and retry it after a deadlock.

    An operation called by another operation uses a savepoint of the outer transaction, which is retried as a whole.
    The function must be safe to run again: it must not depend on changes that an earlier attempt made to its arguments.
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
    """Return `queryset` with its rows locked until the end of the transaction, in the order of their primary keys.

    On PostgreSQL the lock does not block foreign key checks of other transactions. On SQLite it does nothing, because
    `writing` allows one writer at a time.
    """
    return queryset.select_for_update(no_key=connection.features.has_select_for_no_key_update).order_by("pk")


def delete_in_chunks(rows):
    """Delete a queryset in short transactions and return the number of rows. Call it outside a transaction.

    Each chunk is followed by a pause of the same length, because a writer of another process that waits for SQLite's
    lock tries it only every millisecond. Rows that no longer match the queryset remain.
    """
    pks, deleted = list(rows.values_list("pk", flat=True)), 0
    for start in range(0, len(pks), CHUNK_SIZE):
        started_at = time.monotonic()
        deleted += _delete(rows.filter(pk__in=pks[start : start + CHUNK_SIZE]))
        time.sleep(time.monotonic() - started_at)
    return deleted


@operation
def _delete(rows):
    return rows.delete()[1].get(rows.model._meta.label, 0)


def is_deadlock(error):
    """Return whether the database rolled the transaction back to resolve a deadlock."""
    code = getattr(error.__cause__, "sqlstate", None) or (error.args[0] if error.args else None)
    return code in DEADLOCK_CODES


def _set_busy_timeout(seconds):
    """Set how long SQLite waits for a program that does not use the lock file, such as its shell."""
    connection.ensure_connection()
    # Not through a cursor, which counts queries.
    connection.connection.execute(f"PRAGMA busy_timeout = {max(0, int(seconds * 1000))}")


def _acquire(file, deadline):
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise OperationalError("database is locked") from None
        time.sleep(0.001)
