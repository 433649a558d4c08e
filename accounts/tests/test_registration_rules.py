"""Validation of the registration forms."""

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, filled

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("address", [STUDENT, TEACHER])


def errors_of(response):
    """Return {field: codes} of a refused form."""
    assert response.status_code == 200
    return {
        name: [error["code"] for error in of] for name, of in response.context["form"].errors.get_json_data().items()
    }


@BOTH
def test_an_empty_form_says_what_is_missing(client, db, address):
    # A browser always sends the token and the button.
    assert errors_of(client.post(address, {"submit": "Register"})) == {
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
    ("password", "1234567890", ["password_too_common"]),  # ... and no rule about digits
    ("password", "7319046628", []),
    ("password", "Robin@School", ["password_too_similar"]),
    ("password", "robin@school.example", ["password_too_similar"]),
    ("location", "abc", []),
    ("location", "ab", ["min_length"]),
    ("location", "a" * 40, []),
    ("location", "a" * 41, ["max_length"]),
    ("location", "  a  b  ", []),  # "a b"
    ("location", "  ab  ", ["min_length"]),
    ("location", "\u200b\u200b\u200b", []),  # nothing to see: left out
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
def test_every_rule_of_the_form(client, student, teacher, address, field, value, codes):
    names = ("password1", "password2") if field == "password" else (field,)

    response = client.post(address, filled(**dict.fromkeys(names, value)))

    if codes:
        found = errors_of(response)
        assert set(found) <= set(names)
        assert sorted({code for of in found.values() for code in of}) == sorted(codes)
        assert Page(response).error_beside(names[-1])
    else:
        assert response.status_code == 302
    assert User.objects.filter(username_key="robin").exists() == (not codes and field != "username")


def test_a_password_like_the_username_is_refused(client, db):
    like = "Robin-of-Elm"

    response = client.post(STUDENT, filled(username="robin.of.elm", password1=like, password2=like))

    assert errors_of(response) == {"password2": ["password_too_similar"]}


@BOTH
def test_two_passwords_that_differ_are_refused(client, db, address):
    response = client.post(address, filled(password2=PASSWORD.upper()))

    assert errors_of(response) == {"password2": ["password_mismatch"]}
    assert "The two passwords do not match." in Page(response).error_beside("password2")
