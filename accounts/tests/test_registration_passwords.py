"""The passwords and the first name in the registration forms."""

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, error_codes, registration_data

URL = "/register/student/"


def test_first_name_is_optional_and_saved(client, db):
    client.post(URL, registration_data(first_name="  Robin "))
    client.post(URL, registration_data(username="olive", email="olive@school.example"))

    assert dict(User.objects.values_list("username", "first_name")) == {"robin": "Robin", "olive": ""}


def test_password_is_not_similar_to_the_first_name(client, db):
    data = registration_data(first_name="Maximiliana", password1="maximiliana1", password2="maximiliana1")

    assert error_codes(client.post(URL, data)) == {"password1": ["password_too_similar"]}


@pytest.mark.parametrize(
    ("first", "second", "errors"),
    [
        ("short", "short", {"password1": ["password_too_short"]}),
        ("short", "other", {"password1": ["password_too_short"]}),
        ("short", "", {"password1": ["password_too_short"], "password2": ["required"]}),
        ("", PASSWORD, {"password1": ["required"]}),
        (PASSWORD, "other", {"password2": ["password_mismatch"]}),
        (PASSWORD, "", {"password2": ["required"]}),
    ],
)
def test_mismatch_is_reported_only_if_the_first_password_is_valid(client, db, first, second, errors):
    assert error_codes(client.post(URL, registration_data(password1=first, password2=second))) == errors


@pytest.mark.parametrize("path", [URL, "/register/teacher/", "/account/password/"])
def test_rules_are_part_of_the_description_of_the_password(client_for, student, path):
    page = Page(client_for(student if "account" in path else None).get(path))
    [rules] = page.by_class("password-rules")
    field = rules.get("data-password-rules")

    assert [rule.get("data-rule") for rule in rules] == ["length", "names"]
    assert page.by_id(f"{field}_helptext") in [node for node in page.root.iter() if rules in list(node)]
    assert f"{field}_helptext" in page.by_id(field).get("aria-describedby").split()


# `posts/tests/js/password-rules.test.mjs` checks that the browser agrees.
@pytest.mark.parametrize(
    ("password", "name", "is_similar"),
    [
        ("robin.hood1", "robin.hood", True),
        ("ROBIN.HOOD1", "robin.hood", True),
        ("hood.robin", "robin.hood", True),
        ("robinhood12", "robinhood@school.example", True),
        ("correct horse", "robin.hood", False),
        ("purple-lamp-42", "", False),
        ("a" * 40, "aaa", False),
    ],
)
def test_similarity_to_a_name(client, db, password, name, is_similar):
    name = {"email": name} if "@" in name else {"first_name": name}
    response = client.post(URL, registration_data(password1=password, password2=password, **name))

    assert (response.status_code == 200 and "password1" in error_codes(response)) == is_similar


def test_after_registration_only_the_password_is_missing(client, db):
    page = Page(client.post(URL, registration_data(), follow=True))

    assert page.value("username") == "robin"
    assert page.by_id("id_password").get("autofocus") is not None
    assert page.by_id("id_username").get("autofocus") is None
