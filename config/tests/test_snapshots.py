"""Snapshots: read-only transactions without locks."""

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.factories import StudentFactory
from config.tests.threads import in_thread
from config.transactions import snapshot, writing

pytestmark = pytest.mark.django_db(transaction=True)


def test_snapshot_does_not_show_or_block_later_writes():
    StudentFactory()

    with snapshot():
        before = User.objects.count()
        thread = in_thread(StudentFactory)
        thread.join(10)
        during = (thread.is_alive(), User.objects.count())

    assert (before, during, User.objects.count()) == (1, (False, 1), 2)
    assert not connection.in_atomic_block


def test_snapshot_ends_after_an_error():
    with pytest.raises(ZeroDivisionError), snapshot():
        _ = 1 / User.objects.count()

    with writing():
        StudentFactory()
    assert User.objects.count() == 1


def test_snapshot_uses_an_open_transaction():
    with writing():
        StudentFactory()
        with snapshot():
            assert User.objects.count() == 1
    assert User.objects.count() == 1
