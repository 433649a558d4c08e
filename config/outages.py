"""Outages: failures of the database or the disk, in contrast to errors in the site."""

import errno
import sqlite3

from django.db import InterfaceError, OperationalError

DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}
READ_ONLY = "25006"  # SQLSTATE of PostgreSQL, which Django reports as an InternalError
# SQLite reports syntax errors and unknown columns as OperationalErrors too.
SQLITE_ERRORS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database is down, locked, read-only, full or damaged, or the disk is full or read-only.

    Other errors of the database, such as IntegrityError and ProgrammingError, are errors in the site.
    """
    if isinstance(error, OSError):
        return error.errno in DISK_ERRORS
    cause = getattr(error, "__cause__", None)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in SQLITE_ERRORS  # the rest of the code is the details
    return isinstance(error, (OperationalError, InterfaceError)) or getattr(cause, "sqlstate", None) == READ_ONLY
