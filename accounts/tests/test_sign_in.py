"""Signing in."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, without_token

REFUSAL = "Invalid username or password."

PAGES = ("/login/", "/login/student/", "/login/teacher/")


def sign_in(client, username, password=PASSWORD, address="/login/", **more):
    return client.post(address, {"username": username, "password": password, **more})


def is_in(client):
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize("typed", ["sam", "SAM", " Sam ", "sam@school.example", "SAM@School.Example"])
def test_one_signs_in_by_username_or_address_in_any_case(client, student, typed):
    response = sign_in(client, typed)

    assert response.headers["Location"] == "/home/"
    assert response.wsgi_request.user == student
    assert is_in(client)


def test_a_password_keeps_its_spaces_and_its_case(client, student):
    student.set_password("  Two Spaces each  ")
    student.save()

    assert sign_in(client, "sam", "Two Spaces each").status_code == 200
    assert sign_in(client, "sam", "  two spaces each  ").status_code == 200
    assert sign_in(client, "sam", "  Two Spaces each  ").status_code == 302


@pytest.mark.parametrize(
    ("page", "comes_in"),
    [
        ("/login/", {"student", "teacher", "waiting_teacher", "admin"}),
        ("/login/student/", {"student"}),
        ("/login/teacher/", {"teacher", "waiting_teacher"}),
    ],
)
@pytest.mark.parametrize("who", ["student", "teacher", "waiting_teacher", "admin", "deactivated"])
def test_each_login_page_admits_its_own_role(client, request, page, comes_in, who):
    person = request.getfixturevalue(who)

    response = sign_in(client, person.username, address=page)

    assert is_in(client) == (who in comes_in)
    if who not in comes_in:
        assert REFUSAL in Page(response).error_summary()[0]


@pytest.mark.parametrize("page", PAGES)
def test_unknown_wrong_inactive_and_other_role_are_answered_in_the_same_bytes(
    client, student, teacher, deactivated, page
):
    other = {"/login/student/": "ms.hale", "/login/teacher/": "sam", "/login/": "gone"}[page]
    tries = [("nobody", PASSWORD), ("sam", "wrong horse staple"), ("gone", PASSWORD), (other, PASSWORD), ("a@b.c", "x")]

    bodies = set()
    for username, password in tries:
        response = sign_in(client, username, password, page)
        assert response.status_code == 200
        bodies.add(without_token(response).replace(f'value="{username}"', 'value=""'))

    assert len(bodies) == 1
    assert REFUSAL in bodies.pop()


@pytest.mark.parametrize("username", ["nobody", "sam", "gone", "nobody@school.example", "no body", "zoë", "a\0b"])
def test_a_hash_is_computed_for_every_name(client, student, deactivated, monkeypatch, username):
    computed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: computed.append(1) or encode(self, *args))

    sign_in(client, username, "wrong horse staple")

    # A name with a NUL is refused by the form, whoever there may be.
    assert len(computed) == (0 if "\0" in username else 1)


def test_what_was_typed_stays_and_the_password_is_never_sent_back(client, student):
    response = sign_in(client, "sam", "wrong horse staple", remember_me="on", next="/rooms/")

    page = Page(response)
    assert page.value("username") == "sam"
    assert page.by_id("id_remember_me").get("checked") is not None
    assert "wrong horse" not in response.content.decode()
    assert [field.get("value") for field in page.by_id("main").iter("input") if field.get("name") == "next"] == [
        "/rooms/"
    ]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("sam", "sam"),
        ("Sam.O-2_x", "Sam.O-2_x"),
        ("", ""),
        ("a b", ""),
        ('"><script>', ""),
        ("x" * 21, ""),
        ("sam\n", ""),
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_the_login_page_is_filled_in_with_a_valid_username_only(client, db, page, sent, shown):
    response = client.get(page, {"username": sent})

    assert Page(response).value("username") == shown


@pytest.mark.parametrize("address", [*PAGES, "/register/student/", "/register/teacher/", "/password-reset/"])
def test_a_form_holds_its_token_once_and_needs_it(db, address):
    client = Client(enforce_csrf_checks=True)

    main = Page(client.get(address)).by_id("main")
    tokens = [field.get("value") for field in main.iter("input") if field.get("name") == "csrfmiddlewaretoken"]

    assert len(tokens) == 1
    assert client.post(address, {"csrfmiddlewaretoken": tokens[0]}).status_code == 200
    assert client.post(address, {}).status_code == 403
