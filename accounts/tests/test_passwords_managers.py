"""Fields for password managers."""

import pytest

from accounts.tests.helpers import Page
from accounts.tests.passwords import open_reset_link, request_reset, reset_path


def names_for_password_manager(response):
    """Return the values and the attribute `hidden` of the fields from which a password manager takes the username."""
    fields = [field for field in Page(response).root.iter("input") if field.get("autocomplete") == "username"]
    return [(field.get("value"), field.get("type"), field.get("hidden")) for field in fields]


@pytest.mark.parametrize("url", ["/account/password/", "/account/delete/", "/account/"])
def test_form_with_a_password_names_the_account(client_for, student, url):
    assert names_for_password_manager(client_for(student).get(url)) == [("sam", "text", "")]


def test_reset_form_names_the_account(student):
    request_reset("sam@school.example")
    _client, response, _url = open_reset_link(reset_path())

    assert names_for_password_manager(response) == [("sam", "text", "")]


def test_submitted_username_is_ignored(client_for, student, classmate):
    data = {"username": "kim", "password": "correct horse staple", "understood": "on"}

    client_for(student).post("/account/delete/", data)

    student.refresh_from_db()
    classmate.refresh_from_db()
    assert (student.is_closed, classmate.is_closed) == (True, False)


@pytest.mark.parametrize("url", ["/login/", "/register/student/"])
def test_form_of_a_visitor_has_one_field_for_the_username(client, db, url):
    assert [type_ for _value, type_, _hidden in names_for_password_manager(client.get(url))] == ["text"]
