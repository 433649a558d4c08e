"""The cookie of a browser from which users have signed in."""

from http.cookies import SimpleCookie

import pytest
from django.test import RequestFactory

from accounts.browsers import COOKIE, MAX_USERS, find_browser
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import sign_in


def is_known(client, user):
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return bool(find_browser(request, user))


def test_sign_in_makes_the_browser_known_to_that_user(client, student, classmate):
    response = sign_in(client, "sam")

    cookie = response.cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (31536000, True, "Lax", "/")
    assert (is_known(client, student), is_known(client, classmate)) == (True, False)
    assert "sam" not in cookie.value


def test_failed_sign_in_does_not(client, student):
    sign_in(client, "sam", "wrong horse staple")

    assert COOKIE not in client.cookies


def test_cookie_contains_the_last_users_once(client, db):
    users = [StudentFactory() for _number in range(MAX_USERS + 1)]
    for user in (*users, users[-1], users[-2]):
        sign_in(client, user.username)
        client.post("/logout/")

    assert [is_known(client, user) for user in users] == [False] + [True] * MAX_USERS
    assert len(client.cookies[COOKIE].value) < 400


@pytest.mark.parametrize("change", [lambda user: user.set_password("another horse staple"), lambda user: None])
def test_browser_is_unknown_after_a_change_of_password(client, student, change):
    sign_in(client, "sam")
    change(student)
    student.save()

    assert is_known(client, student) == student.check_password("correct horse staple")


@pytest.mark.parametrize(
    "value", ["", "x", "." * 40, "a" * 22 + "." + "0" * 32, "\0", "ü" * 22 + "." + "0" * 32, "9" * 5000]
)
def test_invalid_cookie_is_replaced(client, student, value):
    # A header, because new versions of Python reject control characters in `client.cookies`.
    client.defaults["HTTP_COOKIE"] = f"{COOKIE}={SimpleCookie().value_encode(value)[1]}"
    request = RequestFactory().get("/", HTTP_COOKIE=client.defaults["HTTP_COOKIE"])
    assert (COOKIE in request.COOKIES, find_browser(request, student)) == (True, "")

    assert sign_in(client, "sam").status_code == 302
    assert is_known(client, student)


def test_proof_is_only_valid_in_its_browser(client, student):
    sign_in(client, "sam")
    browser, proof = client.cookies[COOKIE].value.split(".")
    client.cookies[COOKIE] = f"{browser[::-1]}.{proof}"

    assert not is_known(client, student)
