"""Guessing of the own password, and requests for many password reset emails."""

import pytest
from django.core import mail

from accounts.models.throttle import Kind
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, save_profile, sign_in
from accounts.tests.throttling import WRONG, exhaust, wait
from accounts.throttling import counter

REFUSAL = "Too many attempts. Try again in 5 minutes."


def change_password(client, user, password):
    fields = {"old_password": password, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return client.post("/account/password/", fields)


def close_account(client, user, password):
    return client.post("/account/delete/", {"password": password, "understood": "on"})


def change_email(client, user, password):
    return save_profile(client, user, email="new@school.example", current_password=password)


FORMS = [change_password, close_account, change_email]


@pytest.mark.guarantee("guessing")
@pytest.mark.parametrize("submit", FORMS)
def test_own_password_cannot_be_guessed(client_for, student, submit):
    client = client_for(student)
    assert [submit(client, student, WRONG).status_code for _number in range(5)] == [200] * 5

    response = submit(client, student, PASSWORD)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 290
    assert REFUSAL in Page(response).error_summary()[0]
    student.refresh_from_db()
    assert (student.check_password(PASSWORD), student.is_active, student.email) == (True, True, "sam@school.example")
    wait()
    assert submit(client, student, PASSWORD).status_code == 302


def test_forms_share_the_counter_of_the_user(client_for, student, classmate):
    client = client_for(student)
    for number in range(5):
        FORMS[number % 3](client, student, WRONG)

    assert [submit(client, student, PASSWORD).status_code for submit in FORMS] == [429] * 3
    assert change_password(client_for(classmate), classmate, PASSWORD).status_code == 302


@pytest.mark.parametrize("fields", [{"new_password2": "x"}, {"new_password1": "short", "new_password2": "short"}])
def test_correct_password_does_not_count(client_for, student, fields):
    client = client_for(student)
    data = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}

    assert {client.post("/account/password/", data | fields).status_code for _number in range(7)} == {200}


@pytest.mark.guarantee("typed-text")
def test_throttled_profile_form_preserves_its_text(client_for, student):
    exhaust(counter(Kind.PASSWORD, student.pk))

    response = save_profile(client_for(student), student, email="new@school.example", location="Maple House")

    assert response.status_code == 429
    assert (Page(response).value("email"), Page(response).value("location")) == ("new@school.example", "Maple House")


def test_email_addresses_of_others_cannot_be_guessed_on_the_profile_page(client_for, student, classmate):
    client = client_for(student)

    responses = [save_profile(client, student, email="kim@school.example") for _number in range(6)]

    assert [response.status_code for response in responses] == [200] * 5 + [429]
    assert "Another account" not in responses[5].content.decode()
    assert save_profile(client, student, location="Maple House").status_code == 302


@pytest.mark.guarantee("guessing")
@pytest.mark.parametrize("email", ["sam@school.example", "nobody@school.example"])
def test_reset_emails_to_an_address_are_limited(client, student, email):
    statuses = []
    for number, spelling in enumerate([email, email.upper()] * 3):
        response = client.post("/password-reset/", {"email": spelling}, REMOTE_ADDR=f"192.0.2.{number}")
        statuses.append(response.status_code)

    assert statuses == [302] * 5 + [429]
    assert "Try again in 60 minutes." in Page(response).error_summary()[0]
    assert Page(response).value("email") == email.upper()
    assert client.post("/password-reset/", {"email": "kim@school.example"}).status_code == 302


def test_password_reset_is_limited_for_each_address(client, db):
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"), left=2)

    statuses = [client.post("/password-reset/", {"email": f"a{number}@b.example"}).status_code for number in range(3)]

    assert statuses == [302, 302, 429]


def test_address_with_accents_is_invalid(client, student):
    """On MariaDB, it would find the account, with a counter of its own."""
    response = client.post("/password-reset/", {"email": "sam@schoöl.example"})

    assert "Enter an email address like name@school.example." in Page(response).text()
    assert Page(response).value("email") == "sam@schoöl.example"
    assert mail.outbox == []


def test_invalid_email_address_does_not_count(client, db):
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"), left=1)

    assert client.post("/password-reset/", {"email": "sam"}).status_code == 200
    assert client.post("/password-reset/", {"email": "sam@school.example"}).status_code == 302
    assert mail.outbox == []


def test_browser_stays_known_after_the_user_changes_the_password(client, student):
    sign_in(client, "sam")
    change_password(client, student, PASSWORD)
    client.post("/logout/")
    exhaust(counter(Kind.ADDRESS, "127.0.0.1"))

    assert sign_in(client, "sam", NEW_PASSWORD).status_code == 302
