"""Sessions on shared devices."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.browsers import COOKIE
from accounts.models import Session
from accounts.sessions import ACTIVITY_SECONDS, SessionStore
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, is_signed_in, sign_in
from accounts.tests.throttling import fail
from config.tests.outages import read_only_database

MINUTES = 60


@pytest.fixture
def shared_client(client, student):
    assert sign_in(client, "sam", shared_device="on").status_code == 302
    return client


def age(client, seconds):
    """Pretend that `seconds` have passed since the last request of `client`."""
    key = client.session.session_key
    store = SessionStore(key)
    store["active_at"] -= seconds
    store.save()
    Session.objects.filter(pk=key).update(expire_date=remaining_until(client) - timedelta(seconds=seconds))


def remaining_until(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def remaining(client):
    """Return the seconds until the session ends without activity."""
    return (remaining_until(client) - timezone.now()).total_seconds()


@pytest.mark.guarantee("sessions")
def test_session_ends_with_the_browser_and_after_20_minutes(client, student):
    response = sign_in(client, "sam", shared_device="on", remember_me="on")

    cookie = response.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert 1195 < remaining(client) <= 1200
    age(client, 20 * MINUTES)
    assert not is_signed_in(client)


def test_activity_extends_the_session(shared_client):
    for path in ("/account/", "/rooms/common/"):
        age(shared_client, 19 * MINUTES)
        response = shared_client.get(path)

        assert 1195 < remaining(shared_client) <= 1200
        assert response.cookies["sessionid"]["max-age"] == ""


def test_activity_writes_once_a_minute(shared_client, django_assert_num_queries):
    age(shared_client, ACTIVITY_SECONDS - 5)
    with django_assert_num_queries(5):
        shared_client.get("/account/")
    age(shared_client, 5)
    with django_assert_num_queries(10):  # with two savepoints
        shared_client.get("/account/")


@pytest.mark.django_db(transaction=True)
def test_page_loads_if_activity_cannot_be_saved(shared_client):
    age(shared_client, 19 * MINUTES)
    with read_only_database():
        response = shared_client.get("/account/")

    assert response.status_code == 200
    assert remaining(shared_client) <= MINUTES
    assert is_signed_in(shared_client)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/rooms/common/updates/?after=0"),
        ("get", "/rooms/common/members/updates/"),
        ("get", "/notifications/unread/"),
        ("post", "/rooms/common/read/"),
        ("get", "/media/avatars/none.webp"),
        ("get", "/live/"),
        ("get", "/login/"),
    ],
)
def test_requests_of_open_pages_are_no_activity(shared_client, method, path):
    age(shared_client, 10 * MINUTES)

    getattr(shared_client, method)(path)

    assert remaining(shared_client) <= 10 * MINUTES


def test_clock_that_is_set_back_does_not_end_the_session(shared_client):
    age(shared_client, -60 * MINUTES)

    shared_client.get("/account/")

    assert 1195 < remaining(shared_client) <= 1200


def test_other_sessions_are_not_extended(client, student):
    sign_in(client, "sam")
    before = remaining_until(client)

    client.get("/account/")

    assert remaining_until(client) == before
    assert "data-shared-device" not in client.get("/account/").content.decode()


def test_browser_does_not_become_known(shared_client, student):
    new = dict.fromkeys(("new_password1", "new_password2"), NEW_PASSWORD)
    shared_client.post("/account/password/", new | {"old_password": PASSWORD})
    shared_client.post("/logout/")

    assert COOKIE not in shared_client.cookies
    assert fail(shared_client, "sam", 6) == [200] * 5 + [429]


def test_choice_is_preserved_after_an_error(client, student):
    page = Page(sign_in(client, "sam", "wrong horse staple", shared_device="on"))

    assert page.by_id("id_shared_device").get("checked") is not None
    assert page.by_id("id_remember_me").get("checked") is None


def test_session_list_names_shared_devices(shared_client, student, client_for):
    client_for(student)

    text = Page(shared_client.get("/account/sessions/")).text()

    assert text.count("expires after 20 minutes without activity (shared device)") == 1
    assert text.count("expires") == 2
