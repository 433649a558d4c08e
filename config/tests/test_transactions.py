"""Transactions that write."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, OperationalError, connection

from accounts.models import User
from accounts.sessions import SessionStore
from accounts.tests.factories import StudentFactory
from config.tests.threads import in_thread
from config.transactions import operation, writing

pytestmark = pytest.mark.django_db(transaction=True)

LOCK_SCRIPT = """
import fcntl, sys
file = open(sys.argv[1], "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
input()
"""

# Tries every millisecond, as `writing` does, and prints when it started to wait and when it got the lock.
TURNS_SCRIPT = """
import fcntl, sys, time
for _turn in range(40):
    start = time.monotonic()
    with open(sys.argv[1], "ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.001)
        print(start, time.monotonic())
    time.sleep(0.01)
"""


@pytest.fixture
def only_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a lock file")


@contextmanager
def locked_by_another_process():
    """Lock the file in another process."""
    command = [sys.executable, "-c", LOCK_SCRIPT, f"{connection.settings_dict['NAME']}.lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            if process.poll() is None:
                process.communicate("\n")


def set_timeout(monkeypatch, seconds):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", seconds)


def test_writer_waits_for_another_process(only_sqlite, monkeypatch):
    entered = threading.Event()

    def write():
        with writing():
            entered.set()

    with locked_by_another_process() as process:
        thread = in_thread(write)
        assert not entered.wait(0.2)
        process.communicate("\n")
        thread.join(10)

    assert entered.is_set()


def test_lock_of_a_killed_process_is_released(only_sqlite):
    with locked_by_another_process() as process:
        process.kill()
        process.wait(10)

        with writing():
            StudentFactory()


def test_wait_for_the_lock_is_limited(only_sqlite, monkeypatch):
    set_timeout(monkeypatch, 0.2)
    start = time.monotonic()

    with locked_by_another_process(), pytest.raises(OperationalError, match="locked"), writing():
        pytest.fail("entered while another process writes")

    assert 0.2 <= time.monotonic() - start < 5
    assert not connection.in_atomic_block


@pytest.mark.parametrize("write", [SessionStore.save, SessionStore.delete])
def test_sessions_wait_for_the_lock(only_sqlite, monkeypatch, write):
    session = SessionStore()
    session.create()
    set_timeout(monkeypatch, 0.2)

    with locked_by_another_process(), pytest.raises(OperationalError, match="locked"):
        write(session)

    write(session)


def test_threads_do_not_wait_longer_because_others_wait_too(only_sqlite, monkeypatch):
    set_timeout(monkeypatch, 0.5)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    seconds = []

    def write():
        start = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), writing():
            pytest.fail("entered while another connection writes")
        seconds.append(time.monotonic() - start)

    threads = []
    for _ in range(4):
        threads.append(in_thread(write))
        time.sleep(0.2)
    for thread in threads:
        thread.join(10)
    other.close()

    assert len(seconds) == 4
    assert max(seconds) < 0.9


def test_only_one_thread_writes_at_a_time(only_sqlite):
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


def test_process_with_waiting_threads_lets_other_processes_write(only_sqlite):
    is_over, times = threading.Event(), []

    def write():
        while not is_over.is_set():
            with writing():
                StudentFactory()
                times.append(time.monotonic())

    threads = [in_thread(write) for _ in range(3)]
    command = [sys.executable, "-c", TURNS_SCRIPT, f"{connection.settings_dict['NAME']}.lock"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    is_over.set()
    for thread in threads:
        thread.join(10)
    turns = [tuple(map(float, line.split())) for line in output.splitlines()]
    meanwhile = sum(start < time < end for start, end in turns for time in times)

    # Without the pause, the process waits for two to three transactions at each turn.
    assert len(turns) == 40
    assert meanwhile <= 50


def fail(username):
    StudentFactory(username=username)
    raise ValueError("broken")


def test_lock_is_released_after_an_error(only_sqlite, monkeypatch):
    set_timeout(monkeypatch, 1)

    with pytest.raises(ValueError, match="broken"), writing():
        fail("first")

    with writing():
        StudentFactory()
    assert User.objects.count() == 1


def test_lock_is_released_if_the_transaction_cannot_start(only_sqlite, monkeypatch):
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


def test_nested_call_uses_a_savepoint():
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
def test_operation_is_not_retried_after_other_errors(error):
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
