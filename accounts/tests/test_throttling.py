"""Counters of attempts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Throttle
from accounts.models.throttle import LIMITS, MAX_PERIOD, Kind
from accounts.tests.throttling import exhaust, wait
from accounts.throttling import Attempt, address_counter, client_network, counter, reserve
from config.refusals import Throttled
from posts.tests.support import run_concurrently

pytestmark = pytest.mark.django_db


def password_of(number):
    return counter(Kind.PASSWORD, number)


def is_blocked(*counters):
    try:
        reserve(*counters)
    except Throttled:
        return True
    return False


def test_attempts_up_to_the_limit_are_allowed():
    assert [is_blocked(password_of(1)) for _number in range(7)] == [False] * 5 + [True] * 2
    assert not is_blocked(password_of(2))


def test_refunded_attempt_does_not_count():
    for _number in range(7):
        reserve(password_of(1)).refund()

    assert [is_blocked(password_of(1)) for _number in range(6)] == [False] * 5 + [True]


def test_refused_attempt_counts_nowhere():
    exhaust(password_of(1))

    for _number in range(3):
        assert is_blocked(password_of(1), password_of(2))

    assert Throttle.objects.count() == 1


def test_waiting_time_is_that_of_the_last_counter_to_end():
    for kind in (Kind.PASSWORD, Kind.ADDRESS):
        exhaust(counter(kind, 1))
    wait(Kind.ADDRESS, minutes=1)

    with pytest.raises(Throttled) as caught:
        reserve(counter(Kind.PASSWORD, 1), counter(Kind.ADDRESS, 1))

    assert 530 < caught.value.retry_after <= 540


@pytest.mark.parametrize(
    ("change", "blocked"),
    [
        (timedelta(seconds=-1), True),
        (-LIMITS[Kind.PASSWORD].period, False),
        (timedelta(days=3), False),  # the clock has been set back
    ],
)
def test_limit_ends_after_its_period(change, blocked):
    exhaust(password_of(1))
    Throttle.objects.update(ends_at=timezone.now() + LIMITS[Kind.PASSWORD].period + change)

    assert Throttle.objects.blocked().exists() == blocked
    assert is_blocked(password_of(1)) == blocked
    assert [is_blocked(password_of(1)) for _number in range(5)] == [blocked] * 4 + [True]


def test_expired_counters():
    now = timezone.now()
    for seconds in (-1, 60, MAX_PERIOD.total_seconds() + 60):
        Throttle.objects.create(key=seconds, kind=Kind.ADDRESS, ends_at=now + timedelta(seconds=seconds))

    assert Throttle.objects.exclude(pk__in=Throttle.objects.expired()).get().key == "60"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_client_network(address, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_key_is_a_hash():
    text = counter(Kind.SIGN_IN, "login", "correct horse staple", "192.0.2.7")

    assert "horse" not in repr(vars(text))
    assert len(text.key) == 64


def test_number_of_queries():
    request = RequestFactory().get("/")
    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            attempt = reserve(password_of(1), address_counter(request))
        counts.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        attempt.refund()
    exhaust(password_of(1))
    with CaptureQueriesContext(connection) as refused:
        is_blocked(password_of(1), address_counter(request))

    # Both with a savepoint.
    assert (counts, len(queries), len(refused)) == ([6, 6], 4, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.guarantee("guessing")
def test_exactly_the_limit_of_concurrent_attempts_passes(record_property):
    counters = [password_of(1), counter(Kind.ADDRESS, "192.0.2.7")]

    outcomes = run_concurrently(40, lambda index: reserve(*counters))

    passed = [outcome for outcome in outcomes if isinstance(outcome, Attempt)]
    record_property("figure", f"{len(passed)} of 40 attempts at once")
    assert len(passed) == 5
    assert {type(outcome) for outcome in outcomes} == {Attempt, Throttled}
    assert set(Throttle.objects.values_list("attempts", flat=True)) == {5}


@pytest.mark.django_db(transaction=True)
def test_concurrent_attempts_and_refunds_are_all_counted():
    def attempt(index):
        reserve(counter(Kind.ADDRESS, index % 2), counter(Kind.ADDRESS, 2)).refund()

    outcomes = run_concurrently(20, attempt)

    assert outcomes == [None] * 20
    assert set(Throttle.objects.values_list("attempts", flat=True)) == {0}
