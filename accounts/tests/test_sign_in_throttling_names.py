"""Guessing of a password with the username and the email address of an account."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page, is_signed_in, sign_in, without_csrf_tokens
from accounts.tests.test_sign_in import ERROR
from accounts.tests.throttling import WRONG, fail, wait
from posts.tests.support import run_concurrently


@pytest.mark.guarantee("guessing")
@pytest.mark.parametrize("is_own_browser", [False, True])
def test_username_email_and_any_case_are_one_account(client, student, is_own_browser):
    if is_own_browser:
        sign_in(client, "sam")
        client.post("/logout/")
    for login in ("sam", "SAM", " Sam ", "sam@school.example", "SAM@School.Example"):
        assert fail(client, login, 1) == [200]

    for login in ("sam", "Sam@school.example"):
        response = sign_in(client, login)
        assert (response.status_code, is_signed_in(client)) == (200, False)
        assert ERROR in Page(response).error_summary()[0]
    wait()
    assert sign_in(client, "sam").status_code == 302


@pytest.mark.guarantee("same-time")
def test_refusal_does_not_reveal_which_address_belongs_to_a_username(client, student, hashes):
    fail(client, "sam")
    pages = set()
    for login in ("sam@school.example", "kim@school.example"):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            response = sign_in(client, login, WRONG)
        assert (response.status_code, len(queries), len(hashes)) == (200, 8, 1)
        pages.add(without_csrf_tokens(response).replace(login, ""))
        assert fail(client, login, 5) == [200] * 4 + [429]

    assert len(pages) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.guarantee("guessing")
def test_concurrent_guesses_by_username_and_email_share_the_limit(monkeypatch, record_property):
    user, checks, verify = StudentFactory(), [], MD5PasswordHasher.verify
    monkeypatch.setattr(MD5PasswordHasher, "verify", lambda self, *args: checks.append(1) or verify(self, *args))
    logins = [user.username, user.email]

    responses = run_concurrently(20, lambda index: sign_in(Client(), logins[index % 2], f"{WRONG} {index}"))

    statuses = [response.status_code for response in responses]
    record_property("figure", f"{len(checks)} of 20 guesses at once by username and email are checked")
    assert (statuses.count(200), statuses.count(429), len(checks)) == (10, 10, 5)
