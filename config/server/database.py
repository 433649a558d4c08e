"""The database of a server process: limits of the time that it waits, and a check of whether the database responds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

# Detect a database machine that has disappeared. By default, this takes two hours.
KEEPALIVES = {
    "django.db.backends.postgresql": {"keepalives_idle": 5, "keepalives_interval": 1, "keepalives_count": 3},
}
# OPTIONS of a server's connections. A page that waits for a lock or a connection fails within 3 seconds. Statements
# that run, for example for an export, have more time. The limit for locks is less than the limit in `threads`, because
# a request can wait for one lock after another. Other processes, such as `migrate`, have no limits.
WAITING = {
    "django.db.backends.sqlite3": {"timeout": 2.5},
    "django.db.backends.postgresql": {
        "connect_timeout": 2,
        "options": "-c lock_timeout=2000 -c statement_timeout=10000",
    },
    "django.db.backends.mysql": {
        "connect_timeout": 2,
        "read_timeout": 12,
        "write_timeout": 12,
        # MySQL ignores the comment: it has no such limit.
        "init_command": "SET SESSION innodb_lock_wait_timeout=2, lock_wait_timeout=2 /*M!, max_statement_time=10 */",
    },
}


def limit_waiting(database: dict) -> None:
    """Add the options above to `database`, an item of DATABASES. Call it before the process opens a connection."""
    send_keepalives(database)
    limits = WAITING[database["ENGINE"]]
    if given := database["OPTIONS"].get("options"):  # in DATABASE_URL, such as a search_path
        limits = limits | {"options": f"{given} {limits['options']}"}
    database["OPTIONS"] |= limits


def send_keepalives(database: dict) -> None:
    """Add KEEPALIVES to `database`, for a process without limits of the time that it waits, such as the worker."""
    database["OPTIONS"] |= KEEPALIVES.get(database["ENGINE"], {})


class Probe:
    """Checks in a thread of its own whether the database responds. Call it in the event loop."""

    def __init__(self):
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self._check: asyncio.Future | None = None

    async def responds(self, seconds: float) -> bool:
        """Return whether a query succeeds within `seconds`. Callers share a query that is still running."""
        if self._check is None or self._check.done():
            self._check = asyncio.get_running_loop().run_in_executor(self._thread, _query)
        check = self._check  # another caller may start the next one
        done, _pending = await asyncio.wait([check], timeout=seconds)
        return bool(done) and check.exception() is None


def _query():
    # With a new connection, because a restart of the database closes the last one.
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()
