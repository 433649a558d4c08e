"""Signing in."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, is_signed_in, sign_in, without_csrf_tokens

ERROR = "Invalid username or password."

PAGES = ("/login/", "/login/student/", "/login/teacher/")


@pytest.mark.parametrize("login", ["sam", "SAM", " Sam ", "sam@school.example", "SAM@School.Example"])
def test_sign_in_by_username_or_email_in_any_case(client, student, login):
    response = sign_in(client, login)

    assert response.headers["Location"] == "/home/"
    assert response.wsgi_request.user == student
    assert is_signed_in(client)


def test_password_is_case_sensitive_and_not_stripped(client, student):
    student.set_password("  Two Spaces each  ")
    student.save()

    assert sign_in(client, "sam", "Two Spaces each").status_code == 200
    assert sign_in(client, "sam", "  two spaces each  ").status_code == 200
    assert sign_in(client, "sam", "  Two Spaces each  ").status_code == 302


@pytest.mark.parametrize(
    ("page", "accepted"),
    [
        ("/login/", {"student", "teacher", "pending_teacher", "admin"}),
        ("/login/student/", {"student"}),
        ("/login/teacher/", {"teacher", "pending_teacher"}),
    ],
)
@pytest.mark.parametrize("user", ["student", "teacher", "pending_teacher", "admin", "deactivated"])
def test_login_page_accepts_its_role_only(client, request, page, accepted, user):
    person = request.getfixturevalue(user)

    response = sign_in(client, person.username, url=page)

    assert is_signed_in(client) == (user in accepted)
    if user not in accepted:
        assert ERROR in Page(response).error_summary()[0]


@pytest.mark.guarantee("same-time")
@pytest.mark.parametrize("page", PAGES)
def test_failed_sign_ins_get_identical_responses(client, student, teacher, deactivated, page):
    other = {"/login/student/": "ms.hale", "/login/teacher/": "sam", "/login/": "gone"}[page]
    attempts = [
        ("nobody", PASSWORD),
        ("sam", "wrong horse staple"),
        ("gone", PASSWORD),
        (other, PASSWORD),
        ("a@b.c", "x"),
    ]

    contents = set()
    for username, password in attempts:
        response = sign_in(client, username, password, page)
        assert response.status_code == 200
        contents.add(without_csrf_tokens(response).replace(f'value="{username}"', 'value=""'))

    assert len(contents) == 1
    assert ERROR in contents.pop()


@pytest.mark.guarantee("same-time")
@pytest.mark.parametrize("username", ["nobody", "sam", "gone", "nobody@school.example", "no body", "zoë", "a\0b"])
@pytest.mark.parametrize(("password", "number"), [("wrong horse staple", 1), ("falsche Wörter", 2), ("x" * 600, 0)])
def test_number_of_hashes_does_not_depend_on_the_username(
    client, student, deactivated, monkeypatch, username, password, number
):
    calls = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: calls.append(1) or encode(self, *args))

    User.objects.filter(pk=deactivated.pk).update(password=make_password(None))

    sign_in(client, username, password)

    # The form rejects a username with a NUL character.
    assert len(calls) == (0 if "\0" in username else number)


def test_values_except_password_are_preserved_after_error(client, student):
    response = sign_in(client, "sam", "wrong horse staple", remember_me="on", next="/rooms/")

    page = Page(response)
    assert page.value("username") == "sam"
    assert page.by_id("id_remember_me").get("checked") is not None
    assert "wrong horse" not in response.content.decode()
    assert [field.get("value") for field in page.by_id("main").iter("input") if field.get("name") == "next"] == [
        "/rooms/"
    ]


@pytest.mark.parametrize(
    ("username", "expected"),
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
def test_username_from_url_is_filled_in_if_valid(client, db, page, username, expected):
    response = client.get(page, {"username": username})

    assert Page(response).value("username") == expected


@pytest.mark.parametrize("url", [*PAGES, "/register/student/", "/register/teacher/", "/password-reset/"])
def test_form_has_one_csrf_token_and_requires_it(db, url):
    client = Client(enforce_csrf_checks=True)

    main = Page(client.get(url)).by_id("main")
    tokens = [field.get("value") for field in main.iter("input") if field.get("name") == "csrfmiddlewaretoken"]

    assert len(tokens) == 1
    assert client.post(url, {"csrfmiddlewaretoken": tokens[0]}).status_code == 200
    assert client.post(url, {}).status_code == 403
