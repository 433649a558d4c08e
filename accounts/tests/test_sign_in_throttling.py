"""Guessing of passwords with the sign-in forms."""

import logging
import statistics
import time
from datetime import timedelta
from operator import truediv

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Throttle, User
from accounts.models.throttle import LIMITS, Kind
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page, is_signed_in, sign_in, without_csrf_tokens
from accounts.tests.test_sign_in import ERROR, PAGES
from accounts.tests.throttling import WRONG, exhaust, fail, wait
from accounts.throttling import counter
from posts.tests.support import run_concurrently

REFUSAL = "Too many attempts. Try again in 5 minutes."


@pytest.mark.guarantee("guessing")
@pytest.mark.parametrize("page", PAGES)
def test_sixth_attempt_is_refused_without_a_hash(client, student, hashes, page):
    assert fail(client, "sam", url=page) == [200] * 5
    hashes.clear()

    response = sign_in(client, "sam", url=page, remember_me="on", next="/rooms/")

    shown = Page(response)
    assert (response.status_code, hashes) == (429, [])
    assert 290 < int(response["Retry-After"]) <= 300
    assert REFUSAL in shown.error_summary()[0]
    assert ERROR not in shown.text()
    assert shown.value("username") == "sam"
    assert shown.by_id("id_remember_me").get("checked") is not None
    assert PASSWORD not in response.content.decode()
    assert not is_signed_in(client)


@pytest.mark.guarantee("guessing")
def test_attempts_are_allowed_again_after_the_period(client, student):
    fail(client, "sam")
    wait(minutes=4, seconds=58)
    assert sign_in(client, "sam").status_code == 429
    wait(seconds=3)

    assert sign_in(client, "sam").status_code == 302


def test_successful_sign_ins_and_other_accounts_do_not_count(client, student, classmate):
    fail(client, "sam", 4)
    for _number in range(7):
        assert sign_in(Client(), "sam").status_code == 302
    assert fail(client, "sam", 2) == [200, 429]

    assert fail(client, "kim", 1) == [200]


@pytest.mark.parametrize(("page", "login"), [("/login/student/", "ms.hale"), ("/login/", "gone")])
def test_correct_password_that_is_not_accepted_counts(client, teacher, deactivated, page, login):
    statuses = [sign_in(client, login, url=page).status_code for _number in range(6)]

    assert statuses == [200] * 5 + [429]


def test_other_address_has_its_own_counter(client, student):
    fail(client, "sam", REMOTE_ADDR="2001:db8::1")

    assert fail(client, "sam", 1, REMOTE_ADDR="2001:db8::ffff:2") == [429]
    assert fail(client, "sam", 1, REMOTE_ADDR="2001:db8:0:1::1") == [200]


@pytest.mark.guarantee("same-time")
def test_unknown_account_is_throttled_like_a_known_one(client, student, deactivated):
    pages = {}
    for login in ("sam", "gone", "nobody", "nobody@school.example"):
        statuses = fail(client, login, 4)
        with CaptureQueriesContext(connection) as queries:
            statuses += fail(client, login, 1)
        assert (statuses, len(queries)) == ([200] * 5, 8)
        with CaptureQueriesContext(connection) as queries:
            response = sign_in(client, login)
        assert (response.status_code, len(queries)) == (429, 2)
        pages[without_csrf_tokens(response).replace(login, "")] = True

    assert len(pages) == 1


@pytest.mark.guarantee("guessing")
def test_address_is_blocked_after_failures_with_many_accounts(client, student, record_property):
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"), left=10)

    statuses = [code for number in range(3) for code in fail(client, f"person{number}")]

    record_property("figure", f"refused after {LIMITS[Kind.ADDRESS].attempts} failures from one address")
    assert LIMITS[Kind.ADDRESS] == (300, timedelta(minutes=10))
    assert statuses == [200] * 10 + [429] * 5
    assert sign_in(client, "sam").status_code == 429
    assert sign_in(client, "sam", REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.guarantee("own-browser")
def test_browser_with_an_earlier_sign_in_cannot_be_locked_out(client, teacher, record_property):
    sign_in(client, "ms.hale")
    client.post("/logout/")
    classmate = Client()
    assert fail(classmate, "ms.hale", 6) == [200] * 5 + [429]
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"))

    refused = [sign_in(client, "ms.hale").status_code for _number in range(3)].count(429)

    record_property("figure", f"{refused} refusals")
    assert refused == 0


def test_own_counter_of_a_browser_has_the_same_limit(client, teacher):
    sign_in(client, "ms.hale")
    client.post("/logout/")

    assert fail(client, "ms.hale", 6) == [200] * 5 + [429]
    assert not Throttle.objects.filter(kind=Kind.ADDRESS, attempts__gt=0)
    assert sign_in(Client(), "ms.hale").status_code == 302


def test_form_that_is_submitted_without_a_session_is_throttled(client, student, common_room):
    url, fields = common_room.get_absolute_url(), {"username": "sam", "password": WRONG, "unsent": "body=Hello"}
    statuses = [client.post(url, fields).status_code for _number in range(5)]

    response = client.post(url, fields | {"password": PASSWORD})

    assert [*statuses, response.status_code] == [200] * 5 + [429]
    assert 'value="body=Hello"' in response.content.decode()
    wait()
    assert client.post(url, fields | {"password": PASSWORD}).status_code == 200
    assert "browser" in client.cookies
    assert fail(Client(), "sam", 5) == [200] * 5
    client.post("/logout/")
    assert sign_in(client, "sam").status_code == 302


def test_failed_sign_ins_are_logged_without_personal_data(client, student, caplog):
    with caplog.at_level(logging.INFO, "homeroom.security"):
        sign_in(client, "sam")
        client.post("/logout/")
        fail(Client(), "sam@school.example", 6)
        sign_in(client, "correct horse staple", WRONG)

    lines = [record.getMessage() for record in caplog.records if record.name == "homeroom.security"]
    assert lines == [
        *[f"Failed sign-in as user {student.pk}"] * 5,
        f"Too many attempts to sign in as user {student.pk}",
        "Failed sign-in as an unknown user",
    ]


def test_number_of_queries(client, student, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/login/")
    with django_assert_num_queries(36):
        sign_in(client, "sam")


@pytest.mark.django_db(transaction=True)
@pytest.mark.guarantee("guessing")
def test_exactly_five_of_concurrent_guesses_are_checked(hashes, record_property):
    user = StudentFactory()
    hashes.clear()

    responses = run_concurrently(20, lambda index: sign_in(Client(), user.username, f"{WRONG} {index}"))

    statuses = [response.status_code for response in responses]
    record_property("figure", f"{statuses.count(200)} of 20 sign-ins at once, {len(hashes)} hashes")
    assert (statuses.count(200), statuses.count(429), len(hashes)) == (5, 15, 5)


def median_ratios(client, attempts, rounds=12):
    """Return {name: median of the CPU time of a sign-in, divided by that of the first one in the same round}."""
    times = {name: [] for name in attempts}
    for _round in range(rounds):
        for name, attempt in attempts.items():
            start = time.thread_time()
            assert sign_in(client, *attempt).status_code == 200
            times[name].append(time.thread_time() - start)
        wait()
    first = next(iter(times.values()))
    return {name: statistics.median(map(truediv, values, first)) for name, values in times.items()}


@pytest.mark.guarantee("same-time")
def test_failed_sign_ins_take_the_same_time(client, settings, student, deactivated, record_property):
    """With the hasher of the site. Repeated, because other processes disturb the measurement."""
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher"]
    User.objects.update(password=make_password(PASSWORD))
    attempts = {"wrong": ("sam", WRONG), "unknown": ("nobody", PASSWORD), "inactive": ("gone", PASSWORD)}
    for _attempt in range(3):
        difference = max(abs(ratio - 1) for ratio in median_ratios(client, attempts).values())
        if difference < 0.1:
            break

    record_property("figure", f"medians of the ratios differ by {difference:.1%}")
    assert difference < 0.1
