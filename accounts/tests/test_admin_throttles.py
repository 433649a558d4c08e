"""Limits of attempts in the admin."""

import pytest
from django.test import Client

from accounts.actions import close_account
from accounts.audit import reason_of
from accounts.models import Throttle
from accounts.models.throttle import Kind
from accounts.tests.admin import entries, messages_of
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import sign_in
from accounts.tests.throttling import exhaust, fail, wait
from accounts.throttling import counter

URL = "/admin/accounts/throttle/"


def lift(client, key, **answers):
    return client.post(URL, {"action": "lift", "_selected_action": key, **answers}, follow=True)


@pytest.fixture
def blocked(student):
    """The counter of a sign-in to `student` that has reached its limit."""
    fail(Client(), "sam", REMOTE_ADDR="192.0.2.7")
    return Throttle.objects.get(kind=Kind.SIGN_IN)


def test_list_shows_who_has_to_wait(admin_client, blocked, classmate):
    fail(Client(), "kim", 4)
    fail(Client(), PASSWORD, REMOTE_ADDR="192.0.2.8")

    html = admin_client.get(URL).content.decode()

    assert "2 limits of attempts" in html or "2 results" in html
    for text in ("sam", "192.0.2.7", "Unknown account", "192.0.2.8", "Sign-in to an account from an address"):
        assert text in html
    assert "kim" not in html
    assert PASSWORD not in html


def test_list_is_empty_after_the_period(admin_client, blocked):
    wait()

    assert "192.0.2.7" not in admin_client.get(URL).content.decode()


@pytest.mark.parametrize("query", ["q=sam", "q=192.0.2.7", "kind__exact=sign_in"])
def test_list_can_be_filtered(admin_client, blocked, query):
    exhaust(counter(Kind.ADDRESS, "192.0.2.9", address="192.0.2.9"))

    html = admin_client.get(f"{URL}?{query}").content.decode()

    assert ("192.0.2.7" in html, "192.0.2.9" in html) == (True, False)


def test_lifted_limit_is_recorded_and_has_no_effect(admin_client, admin, blocked):
    asked = lift(admin_client, blocked.key)
    assert "The users can try again at once." in asked.content.decode()
    assert sign_in(Client(), "sam", REMOTE_ADDR="192.0.2.7").status_code == 429

    done = lift(admin_client, blocked.key, confirmed=1, reason="A new keyboard")

    assert messages_of(done) == ["1 limit lifted."]
    assert sign_in(Client(), "sam", REMOTE_ADDR="192.0.2.7").status_code == 302
    entry = entries(blocked).get()
    assert (entry.user, entry.is_deletion(), reason_of(entry)) == (admin, True, "A new keyboard")
    assert entry.object_repr == "Sign-in to an account from an address: sam"
    assert "sam" in admin_client.get("/admin/admin/logentry/").content.decode()


@pytest.mark.parametrize("key", ["", "abc", "\0", "5", "f" * 65])
def test_invalid_key_lifts_nothing(admin_client, blocked, key):
    response = lift(admin_client, key, confirmed=1, reason="x")

    assert response.status_code == 200
    assert Throttle.objects.blocked().exists()


def test_staff_need_the_permission(client_for, secretary, blocked):
    assert client_for(secretary).get(URL).status_code == 403
    assert lift(client_for(secretary), blocked.key, confirmed=1, reason="x").status_code == 403
    assert Throttle.objects.blocked().exists()


def test_closed_account_is_erased_from_the_counters(student, blocked):
    close_account(student, student)

    assert not Throttle.objects.filter(username="sam").exists()
