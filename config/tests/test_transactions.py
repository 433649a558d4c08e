"""Transactions that write."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accounts.models import User
from accounts.tests.factories import StudentFactory
from config.transactions import ATTEMPTS, is_deadlock, operation, writing

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
input()
"""


@pytest.fixture
def on_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a lock file")


@contextmanager
def another_process_writing():
    """Hold the lock file in another process."""
    command = [sys.executable, "-c", HOLD, f"{connection.settings_dict['NAME']}.lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            if process.poll() is None:
                process.communicate("\n")


def in_thread(function):
    """Start `function` in a thread that closes its connection; return the thread."""

    def run():
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def set_timeout(monkeypatch, seconds):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", seconds)


def test_writer_waits_for_another_process(on_sqlite, monkeypatch):
    entered = threading.Event()

    def write():
        with writing():
            entered.set()

    with another_process_writing() as process:
        thread = in_thread(write)
        assert not entered.wait(0.2)
        process.communicate("\n")
        thread.join(10)

    assert entered.is_set()


def test_lock_of_a_killed_process_is_free(on_sqlite):
    with another_process_writing() as process:
        process.kill()
        process.wait(10)

        with writing():
            StudentFactory()


def test_wait_is_bounded(on_sqlite, monkeypatch):
    set_timeout(monkeypatch, 0.2)
    began = time.monotonic()

    with another_process_writing(), pytest.raises(OperationalError, match="locked"), writing():
        pytest.fail("entered while another process writes")

    assert 0.2 <= time.monotonic() - began < 5
    assert not connection.in_atomic_block


def test_writers_take_turns(on_sqlite):
    inside, most, lock = 0, 0, threading.Lock()

    def write():
        nonlocal inside, most
        for _ in range(20):
            with writing():
                with lock:
                    inside += 1
                    most = max(most, inside)
                StudentFactory()
                with lock:
                    inside -= 1

    threads = [in_thread(write) for _ in range(4)]
    for thread in threads:
        thread.join(60)

    assert most == 1
    assert User.objects.count() == 80


def fail(username):
    StudentFactory(username=username)
    raise ValueError("broken")


def test_lock_is_free_after_an_error(on_sqlite, monkeypatch):
    set_timeout(monkeypatch, 1)

    with pytest.raises(ValueError, match="broken"), writing():
        fail("first")

    with writing():
        StudentFactory()
    assert User.objects.count() == 1


def test_lock_is_free_if_the_database_refuses_the_transaction(on_sqlite, monkeypatch):
    set_timeout(monkeypatch, 1)
    connection.cursor().execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), writing():
        pytest.fail("entered while another connection writes")
    other.execute("ROLLBACK")
    other.close()

    with writing():
        StudentFactory()


def test_nested_call_is_a_savepoint():
    with writing():
        StudentFactory(username="outer")
        with pytest.raises(ValueError, match="broken"), writing():
            fail("inner")

    assert list(User.objects.values_list("username", flat=True)) == ["outer"]


def test_operation_commits_once():
    @operation
    def create(username):
        """Create a user."""
        return StudentFactory(username=username)

    assert create("sam").username == "sam"
    assert create.__doc__ == "Create a user."
    assert User.objects.count() == 1


@pytest.mark.parametrize("error", [ValueError, IntegrityError, OperationalError])
def test_operation_runs_once_if_the_error_is_no_deadlock(error):
    calls = []

    @operation
    def broken():
        calls.append(1)
        StudentFactory()
        raise error("broken")

    with pytest.raises(error):
        broken()
    assert len(calls) == 1
    assert User.objects.count() == 0


# --- Deadlocks --------------------------------------------------------------------------------------------


@pytest.fixture
def on_a_server():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer and no deadlocks")


def increment(user, next_user, both_locked):
    """Lock `user`, wait until the other transaction has locked its own, then lock `next_user`."""
    for number, pk in enumerate((user.pk, next_user.pk)):
        row = User.objects.select_for_update().get(pk=pk)
        if number == 0:
            both_locked()
        User.objects.filter(pk=pk).update(last_name=f"{row.last_name}x")


def run_crossed(function):
    """Run `function(first, second, both_locked)` and its reverse in two threads; return the errors."""
    first, second = StudentFactory(last_name=""), StudentFactory(last_name="")
    barrier, errors = threading.Barrier(2), []

    def both_locked():
        # Only the first attempts wait for each other: the retry runs alone.
        if not barrier.broken:
            try:
                barrier.wait(10)
            except threading.BrokenBarrierError:
                return
            barrier.abort()

    def run(one, two):
        try:
            function(one, two, both_locked)
        except OperationalError as error:
            errors.append(error)

    threads = [in_thread(lambda: run(first, second)), in_thread(lambda: run(second, first))]
    for thread in threads:
        thread.join(30)
    return errors


def test_transaction_without_retry_is_ended_by_a_deadlock(on_a_server):
    errors = run_crossed(transaction.atomic(increment))

    assert [is_deadlock(error) for error in errors] == [True]


def test_operation_is_retried_after_a_deadlock(on_a_server):
    errors = run_crossed(operation(increment))

    assert errors == []
    assert list(User.objects.values_list("last_name", flat=True)) == ["xx", "xx"]


def test_retries_are_bounded(on_a_server):
    calls = []

    @operation
    def always():
        calls.append(1)
        raise OperationalError(1213, "Deadlock found")

    with pytest.raises(OperationalError):
        always()
    assert len(calls) == ATTEMPTS
