"""Operations are retried after a deadlock."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.tests.factories import StudentFactory
from config.tests.threads import in_thread
from config.transactions import ATTEMPTS, is_deadlock, operation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def without_sqlite():
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
        # Only the first attempts wait for each other. The retry runs alone.
        if not barrier.broken:
            try:
                barrier.wait(10)
            except threading.BrokenBarrierError:
                return
            barrier.abort()

    def run(user, next_user):
        try:
            function(user, next_user, both_locked)
        except OperationalError as error:
            errors.append(error)

    threads = [in_thread(lambda: run(first, second)), in_thread(lambda: run(second, first))]
    for thread in threads:
        thread.join(30)
    return errors


def test_transaction_fails_in_a_deadlock_without_retry(without_sqlite):
    errors = run_crossed(transaction.atomic(increment))

    assert [is_deadlock(error) for error in errors] == [True]


def test_operation_is_retried_after_a_deadlock(without_sqlite):
    errors = run_crossed(operation(increment))

    assert errors == []
    assert list(User.objects.values_list("last_name", flat=True)) == ["xx", "xx"]


def test_number_of_retries_is_limited(without_sqlite):
    calls = []

    @operation
    def fail():
        calls.append(1)
        raise OperationalError(1213, "Deadlock found")

    with pytest.raises(OperationalError):
        fail()
    assert len(calls) == ATTEMPTS
