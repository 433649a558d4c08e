"""SQLite as Django drives it, with a line for those who wait to write."""

import sqlite3
import threading
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

ASK_AGAIN_MS = 1

_turn = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for how a transaction waits for the one that writes before it.

    SQLite asks again after 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 and then every 100 ms: whoever has waited longest
    asks least, and the lock lies idle meanwhile. Here a process's threads wait for each other, and the one whose turn
    it is asks every millisecond whether other processes are done. What ends a wait is the same: the option `timeout`,
    and "database is locked". A statement that writes outside a transaction waits as SQLite does, and longer than those
    in the line when many write.
    """

    has_turn = False

    def _start_transaction_under_autocommit(self):
        patience = self.settings_dict["OPTIONS"]["timeout"]  # seconds
        until = time.monotonic() + patience
        if not _turn.acquire(timeout=patience):
            raise OperationalError("database is locked")
        self.has_turn = True
        try:
            self._be_patient(ASK_AGAIN_MS)
            self._begin(until)
        except BaseException:
            self._end_turn()
            raise
        finally:
            self._be_patient(round(patience * 1000))

    def _begin(self, until):
        try:
            super()._start_transaction_under_autocommit()
            return
        except OperationalError as error:
            if not _is_busy(error.__cause__):
                raise
        # Not by Django's cursors from here on: asking so often has to be cheap.
        with self.wrap_database_errors:
            while True:
                try:
                    self.connection.execute(f"BEGIN {self.transaction_mode}")
                    return
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > until:
                        raise

    def _be_patient(self, milliseconds):
        self.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def _set_autocommit(self, autocommit):
        # Where a transaction ends, committed or not.
        try:
            super()._set_autocommit(autocommit)
        finally:
            if autocommit:
                self._end_turn()

    def _close(self):
        try:
            return super()._close()
        finally:
            self._end_turn()

    def _end_turn(self):
        if self.has_turn:
            self.has_turn = False
            _turn.release()


def _is_busy(error):
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
