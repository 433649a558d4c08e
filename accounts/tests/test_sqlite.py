"""Waiting to write on SQLite."""

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.db.utils import ConnectionHandler

pytestmark = pytest.mark.once


@pytest.fixture
def connect(tmp_path, django_db_blocker):
    """Return a function that opens a connection of its own to one file, whose patience is so many seconds."""
    opened = []

    def open_connection(patience):
        options = {"timeout": patience, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}
        database = {"ENGINE": "config.sqlite", "NAME": tmp_path / "line.sqlite3", "OPTIONS": options}
        connection = ConnectionHandler({"default": database})["default"]
        connection.inc_thread_sharing()
        opened.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield open_connection
        for connection in opened:
            connection.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection):
    connection.commit()
    connection.set_autocommit(True)


@pytest.fixture
def neighbour(connect, tmp_path):
    """A connection as another process has it: Python's own."""
    end_of_setup = connect(20)
    begin(end_of_setup)  # makes the file
    end(end_of_setup)
    other = sqlite3.connect(tmp_path / "line.sqlite3", isolation_level=None, check_same_thread=False)
    yield other
    other.close()


def write(connection, problems):
    try:
        begin(connection)
        end(connection)
    except OperationalError as problem:
        problems.append(str(problem))


def start(*connections):
    """Write by each connection in a thread of its own; return the threads, and the problems that they have."""
    problems = []
    threads = [threading.Thread(target=write, args=[connection, problems]) for connection in connections]
    for thread in threads:
        thread.start()
    return threads, problems


def test_writer_waits_for_another_process_and_asks_often(connect, neighbour):
    neighbour.execute("BEGIN IMMEDIATE")
    waits = connect(20)
    asked = []
    waits.ensure_connection()
    waits.connection.set_trace_callback(asked.append)

    [waiting], problems = start(waits)
    time.sleep(0.6)
    assert waiting.is_alive()
    neighbour.execute("COMMIT")
    waiting.join(10)

    assert not waiting.is_alive()
    assert not problems
    # SQLite by itself would have begun once, and asked some fifteen times.
    assert len([statement for statement in asked if "BEGIN" in statement]) > 50


def test_threads_of_a_process_wait_for_each_other_without_asking(connect, monkeypatch):
    first, second, third = (connect(20) for _ in range(3))
    begin(first)
    asked, ask = [], base.DatabaseWrapper._start_transaction_under_autocommit
    monkeypatch.setattr(
        base.DatabaseWrapper, "_start_transaction_under_autocommit", lambda self: (asked.append(self), ask(self))
    )

    waiting, problems = start(second, third)
    time.sleep(0.2)
    assert asked == []
    assert all(thread.is_alive() for thread in waiting)
    end(first)
    for thread in waiting:
        thread.join(10)

    assert not problems
    assert sorted(map(id, asked)) == sorted([id(second), id(third)])


@pytest.mark.parametrize("ending", ["rollback", "close"])
def test_turn_ends_with_whatever_ends_the_transaction(connect, ending):
    first, second = connect(20), connect(20)
    begin(first)

    getattr(first, ending)()
    if ending == "rollback":
        first.set_autocommit(True)

    [waiting], problems = start(second)
    waiting.join(10)
    assert not waiting.is_alive()
    assert not problems


def test_patience_ends_with_the_word_that_django_knows(connect, neighbour):
    neighbour.execute("BEGIN IMMEDIATE")
    began = time.monotonic()

    threads, problems = start(connect(0.3), connect(0.3))
    for thread in threads:
        thread.join(10)
    took = time.monotonic() - began

    assert problems == ["database is locked"] * 2
    assert 0.3 <= took < 5
    # Whoever comes after them may write.
    neighbour.execute("COMMIT")
    [thread], problems = start(connect(20))
    thread.join(10)
    assert not problems


def test_other_statements_keep_their_patience(connect):
    connection = connect(7)
    begin(connection)
    end(connection)

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (7000,)
