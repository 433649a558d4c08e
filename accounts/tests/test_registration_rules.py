"""Validation of the registration forms."""

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, error_codes, registration_data

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("url", [STUDENT, TEACHER])


@BOTH
def test_required_fields(client, db, url):
    # A browser submits at least the CSRF token and the button.
    assert error_codes(client.post(url, {"submit": "Register"})) == {
        name: ["required"] for name in ("username", "email", "password1", "password2")
    }


RULES = [
    ("username", "abc", []),
    ("username", "a.b-c_d", []),
    ("username", "9lives", []),
    ("username", "a" * 20, []),
    ("username", "a" * 21, ["max_length"]),
    ("username", "ab", ["invalid_username"]),
    ("username", ".abc", ["invalid_username"]),
    ("username", "-abc", ["invalid_username"]),
    ("username", "_abc", ["invalid_username"]),
    ("username", "abc.", ["invalid_username"]),
    ("username", "abc-", ["invalid_username"]),
    ("username", "abc_", ["invalid_username"]),
    ("username", "ms.hale.", ["lookalike"]),
    ("username", "a b c", ["invalid_username"]),
    ("username", "a@b", ["invalid_username"]),
    ("username", "zoë", ["invalid_username"]),
    ("username", "аnna", ["invalid_username"]),  # the first letter is Cyrillic
    ("username", "abc\ndef", ["invalid_username"]),
    ("username", "a/../b", ["invalid_username"]),
    ("username", "<b>bo</b>", ["invalid_username"]),
    ("username", "admin", ["reserved_username"]),
    ("username", "ADMIN", ["reserved_username"]),
    ("username", "Static", ["reserved_username"]),
    ("username", "former-7", ["reserved_username"]),
    ("username", "sam", ["unique"]),
    ("username", "SAM", ["unique"]),
    ("username", "ms.hale", ["unique"]),
    ("username", "MS.hale", ["unique"]),
    ("email", "robin.b+x@school.example", []),
    ("email", " ROBIN@School.Example ", []),
    ("email", "robin", ["invalid"]),
    ("email", "röbin@school.example", ["invalid"]),
    ("email", "robin@schöl.example", ["non_ascii_email"]),
    ("email", "sam@school.example", ["unique"]),
    ("email", "SAM@School.EXAMPLE", ["unique"]),
    ("email", "ms.hale@school.example", ["unique"]),
    ("email", "MS.Hale@school.example", ["unique"]),
    ("email", "a" * 255 + "@school.example", ["max_length"]),
    ("password", "zq8 Pl-vx", ["password_too_short"]),
    ("password", "zq8 Pl-vxw", []),
    ("password", "zq8 Plvx" * 16, []),  # 128 characters
    ("password", "zq8 Plvx" * 16 + "y", ["max_length"]),
    ("password", "пароль из слов", []),
    ("password", "  zq8 Plvx  ", []),
    ("password", "password123", ["password_too_common"]),
    ("password", "1234567890", ["password_too_common"]),  # a password of digits is allowed, see the next row
    ("password", "7319046628", []),
    ("password", "Robin@School", ["password_too_similar"]),
    ("password", "robin@school.example", ["password_too_similar"]),
    ("location", "abc", []),
    ("location", "ab", ["min_length"]),
    ("location", "a" * 40, []),
    ("location", "a" * 41, ["max_length"]),
    ("location", "  a  b  ", []),  # "a b"
    ("location", "  ab  ", ["min_length"]),
    ("location", "\u200b\u200b\u200b", []),  # invisible, so treated as empty
    ("description", "a" * 10, []),
    ("description", "a" * 9, ["min_length"]),
    ("description", "a" * 200, []),
    ("description", "a" * 201, ["max_length"]),
    ("description", "a" * 100 + "\r\n" + "a" * 99, []),
    ("description", "a" * 100 + "\r\n" + "a" * 100, ["max_length"]),
    ("description", "aaaa\r\nbbbbb", []),
    ("description", "aaaa\r\nbbbb", ["min_length"]),
]


@BOTH
@pytest.mark.parametrize(
    ("field", "value", "codes"), RULES, ids=[f"{field} {value[:24]!a} {len(value)}" for field, value, _codes in RULES]
)
def test_field_validation(client, student, teacher, url, field, value, codes):
    names = ("password1", "password2") if field == "password" else (field,)

    response = client.post(url, registration_data(**dict.fromkeys(names, value)))

    if codes:
        errors = error_codes(response)
        assert set(errors) <= set(names)
        assert sorted({code for field_codes in errors.values() for code in field_codes}) == sorted(codes)
        assert Page(response).field_error(names[0])
    else:
        assert response.status_code == 302
    assert User.objects.filter(username_key="robin").exists() == (not codes and field != "username")


def test_password_similar_to_username_is_rejected(client, db):
    password = "Robin-of-Elm"

    response = client.post(STUDENT, registration_data(username="robin.of.elm", password1=password, password2=password))

    assert error_codes(response) == {"password1": ["password_too_similar"]}


@BOTH
def test_different_passwords_are_rejected(client, db, url):
    response = client.post(url, registration_data(password2=PASSWORD.upper()))

    assert error_codes(response) == {"password2": ["password_mismatch"]}
    assert "The passwords don't match." in Page(response).field_error("password2")


@pytest.mark.parametrize(
    ("url", "text"), [(STUDENT, "Other students can't see it."), (TEACHER, "Students can't see it.")]
)
def test_help_says_who_cannot_see_the_email_address(client, db, url, text):
    help_text = client.get(url).context["form"].fields["email"].help_text

    assert help_text == f"To sign in and reset your password. {text}"


@BOTH
def test_error_of_username_does_not_repeat_its_help(client, db, url):
    response = client.post(url, registration_data(username="a b"))

    form = response.context["form"]
    (error,) = form.errors["username"]
    assert "digits, dots, hyphens or underscores" in form.fields["username"].help_text
    assert "digits, dots, hyphens or underscores" not in error
