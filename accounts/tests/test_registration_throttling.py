"""Guessing of usernames, email addresses and invitation codes with the registration forms."""

import pytest
from django.test import Client

from accounts.models import Invitation, Throttle, User
from accounts.models.throttle import LIMITS, Kind, Limit
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, registration_data, sign_in
from accounts.tests.throttling import WRONG, exhaust
from accounts.throttling import counter

STUDENT, TEACHER = "/register/student/", "/register/teacher/"
ADDRESS = "127.0.0.1"


def register(client, number, url=STUDENT, **changes):
    return client.post(url, registration_data(username=f"robin{number}", email=f"robin{number}@a.example", **changes))


def failures():
    return sum(Throttle.objects.values_list("attempts", flat=True))


@pytest.mark.guarantee("guessing")
@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize(
    "guess",
    [{"username": "SAM"}, {"email": "Sam@school.example"}, {"username": "ms-hale"}, {"invitation": "AAAABBBBCCCC"}],
)
def test_guesses_count_and_are_refused(client, student, teacher, guess):
    exhaust(counter(Kind.ADDRESS, ADDRESS), left=2)

    responses = [client.post(TEACHER, registration_data(**guess)) for _number in range(3)]

    page = Page(responses[2])
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert 590 < int(responses[2]["Retry-After"]) <= 600
    assert "Too many attempts. Try again in 10 minutes." in page.error_summary()[0]
    assert page.error_summary()[1] == []  # no field has an error, which would answer the guess
    assert page.value("location") == "House Elm"
    assert page.value("username") == guess.get("username", "robin")
    assert PASSWORD not in responses[2].content.decode()


@pytest.mark.parametrize("changes", [{"password2": "x"}, {"username": "a b"}, {"email": ""}, {}])
def test_other_errors_and_success_do_not_count(client, db, changes):
    client.post(STUDENT, registration_data(**changes))

    assert failures() == 0


def test_correct_invitation_code_does_not_count(client, db):
    invitation = Invitation.objects.create()

    assert register(client, 1, TEACHER, invitation=invitation.code).status_code == 302
    assert failures() == 0
    assert register(client, 2, TEACHER, invitation=invitation.code).status_code == 200
    assert failures() == 1


def test_refused_registration_creates_no_account(client, db):
    exhaust(counter(Kind.ADDRESS, ADDRESS))

    assert register(client, 1).status_code == 429
    assert not User.objects.exists()


def test_blank_form_opens_while_the_address_is_blocked(client, db):
    exhaust(counter(Kind.ADDRESS, ADDRESS))

    assert client.get(STUDENT).status_code == 200


@pytest.mark.guarantee("one-address")
def test_school_behind_one_address_is_not_locked_out(monkeypatch, db, record_property):
    """With a limit of 9 failures instead of 300. A tenth of the users mistype their password first."""
    monkeypatch.setitem(LIMITS, Kind.ADDRESS, Limit(9, LIMITS[Kind.ADDRESS].period))

    statuses = [register(Client(), number).status_code for number in range(10)]
    for number in range(30):
        client = Client()
        if number % 10 == 0:
            assert sign_in(client, f"robin{number % 7}", WRONG).status_code == 200
        statuses.append(sign_in(client, f"robin{number % 10}").status_code)

    record_property("figure", f"{statuses.count(302)} of 40 registrations and sign-ins with a limit of 9 failures")
    assert statuses == [302] * 40
