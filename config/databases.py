"""The options of each kind of database."""

from pathlib import Path

SQLITE_OPTIONS = {
    # A transaction that starts with a read and then writes fails with "database is locked" under contention.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds to wait for another writer
    # Django's fields convert values, so Python's sqlite3 module does not need to convert dates and booleans first.
    "detect_types": 0,
    # FULL: a committed transaction survives a power failure.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
    ),
}


def with_options(database: dict) -> dict:
    """Return the settings of a database, with the options that the site needs."""
    database = {"OPTIONS": {}} | database | {"ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] |= SQLITE_OPTIONS
        # A file instead of memory, because tests use several threads.
        file = Path(database["NAME"])
        database["TEST"] = {"NAME": str(file.with_name(f"test_{file.name}"))}
    elif database["ENGINE"] == "django.db.backends.mysql":
        database["OPTIONS"] |= {"charset": "utf8mb4"}
        database["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_general_ci"}
    return database
