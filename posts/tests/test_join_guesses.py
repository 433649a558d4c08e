"""Guessing of join codes."""

import re
from datetime import timedelta
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Throttle
from accounts.models.throttle import Kind
from accounts.tests.helpers import Page, without_csrf_tokens
from accounts.tests.throttling import exhaust, wait
from accounts.throttling import counter
from config.tests.bad_input import assert_no_server_error, malformed_values
from posts.actions import decline_request, join_room
from posts.models import Membership, Room
from posts.refusals import InvalidJoinCode

JOIN = "/rooms/join/"
LINK = "/rooms/join/ABCDEFGH/"
UNUSABLE = {
    "wrong": {"join_code": "OTHERONE"},
    "closed": {"joining": "closed"},
    "archived": {"archived_at": timezone.now()},
    "expired": {"code_expires_at": timezone.now()},
    "used up": {"code_max_uses": 3, "code_uses": 3},
    "common": {"is_common": True},
}


@pytest.fixture
def client(client_for, outsider):
    return client_for(outsider)


@pytest.fixture(autouse=True)
def code(room):
    room.join_code = "ABCDEFGH"
    room.save()


def set_room(**values):
    Room.objects.filter(slug="chemistry").update(**values)


def attempts():
    return dict(Throttle.objects.values_list("kind", "attempts"))


def responses_to(client, code):
    """Return the responses to a code in the field and in the link."""
    return [client.post(JOIN, {"code": code}), client.get(f"{JOIN}{code}/"), client.post(f"{JOIN}{code}/")]


def page_without_code(response):
    html = re.sub(r'name="next" value="[^"]+"', "", without_csrf_tokens(response))  # of the theme
    assert re.search("ZZZZZZZZ|ABCDEFGH", html)
    return re.sub("ZZZZZZZZ|ABCDEFGH", "CODE", html)


@pytest.mark.guarantee("join-codes")
@pytest.mark.parametrize("values", UNUSABLE.values(), ids=UNUSABLE)
def test_codes_that_cannot_be_used_get_the_same_response(client, outsider, values):
    set_room(**values)

    wrong = responses_to(client, "ZZZZZZZZ")
    wait()
    unusable = responses_to(client, "ABCDEFGH")

    assert {response.status_code for response in [*wrong, *unusable]} == {200}
    assert len({page_without_code(response) for response in [*wrong, *unusable]}) == 1
    assert Page(unusable[1]).field_error("code") == str(InvalidJoinCode())
    assert Page(unusable[1]).value("code") == "ABCDEFGH"
    assert not Membership.objects.filter(user=outsider, room__slug="chemistry").exists()


@pytest.mark.guarantee("guessing")
@pytest.mark.guarantee("join-codes")
@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize("way", ["form", "link", "link that is opened"])
def test_sixth_guess_is_refused_and_the_typed_code_stays(client, classmate, client_for, way, record_property):
    def guess(code, client=client):
        if way == "form":
            return client.post(JOIN, {"code": code})
        return (client.post if way == "link" else client.get)(f"{JOIN}{code}/")

    statuses = [guess(f"WRONG{number}").status_code for number in range(5)]
    refused = guess("ABCDEFGH")

    record_property("figure", f"{statuses.count(200)} guesses, then status {refused.status_code}")
    page = Page(refused)
    assert statuses == [200] * 5
    assert refused.status_code == 429
    assert 290 < int(refused["Retry-After"]) <= 300
    assert page.error_summary() == ("There is a problem Too many attempts. Try again in 5 minutes.", [])
    assert page.value("code") == "ABCDEFGH"
    assert guess("WRONG", client_for(classmate)).status_code == 200  # another user

    wait()
    assert guess("ABCDEFGH").status_code in (200, 302)


def test_blocked_address_is_refused(client):
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"))

    assert client.post(JOIN, {"code": "ABCDEFGH"}).status_code == 429
    assert client.get(JOIN).status_code == 200


def test_guess_counts_for_the_user_and_the_address(client):
    client.post(JOIN, {"code": "WRONG"})

    assert attempts() == {Kind.JOIN: 1, Kind.ADDRESS: 1}
    assert Throttle.objects.get(kind=Kind.JOIN).username == "olu"


def test_code_that_works_does_not_count(client, client_for, student, outsider, teacher):
    for method, url in [(client.get, LINK), (client.post, LINK), (client_for(student).get, LINK)]:
        method(url)
    client.post(JOIN, {"code": "ABCDEFGH"})
    client.post(JOIN, {"code": ""})
    decline_request(join_room(outsider, "ABCDEFGH"), teacher)
    client.post(JOIN, {"code": "ABCDEFGH"})

    assert set(attempts().values()) == {0}


@pytest.mark.parametrize("state", ["member", "applied"])
def test_expired_code_still_leads_to_the_own_room_or_request(client_for, room, student, outsider, state):
    user = student if state == "member" else outsider
    if state == "applied":
        join_room(outsider, "ABCDEFGH")
    set_room(code_expires_at=timezone.now() - timedelta(days=1))

    response = client_for(user).get(LINK, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == ([("/rooms/chemistry/", 302)] if state == "member" else [])


def test_code_that_stops_working_after_validation_gets_the_same_error(client, monkeypatch):
    def join(*args):
        raise InvalidJoinCode

    monkeypatch.setattr("posts.actions.join_room", join)

    page = Page(client.post(LINK))

    assert page.field_error("code") == str(InvalidJoinCode())
    assert page.value("code") == "ABCDEFGH"


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("method", ["get", "post"])
def test_link_handles_any_text(client, method):
    for value in malformed_values():
        with transaction.atomic():
            response = getattr(client, method)(f"{JOIN}{quote_from_bytes(value[:4000])}/")
            transaction.set_rollback(True)

        assert_no_server_error(response, 200, 400, 404)


def test_administrators_see_who_has_guessed(client, admin_client):
    for number in range(5):
        client.post(JOIN, {"code": f"WRONG{number}"})

    html = admin_client.get("/admin/accounts/throttle/?kind__exact=join").content.decode()

    assert re.search(r"Join codes that a user enters.*olu", html, re.DOTALL)
