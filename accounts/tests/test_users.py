"""The user model: creation, lookup and properties."""

import pytest
from django.contrib.auth import get_user_model

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, UserFactory


def test_user_model():
    assert get_user_model() is User


def test_role_defaults_to_student(db):
    assert User.objects.create_user("ida", "ida@school.example").role == Role.STUDENT


def test_permissions_of_roles(db, teacher, pending_teacher, student, admin):
    assert [user.is_teacher for user in (teacher, pending_teacher, student, admin)] == [True, False, False, False]
    assert [user.is_pending for user in (teacher, pending_teacher, student, admin)] == [False, True, False, False]


def test_manager_normalizes_email(db):
    user = User.objects.create_user("ida", "  Ida.Wells@School.EXAMPLE ")

    assert user.email == "ida.wells@school.example"


def test_create_superuser_creates_approved_administrator(db):
    user = User.objects.create_superuser("ida", "IDA@school.example", PASSWORD)

    user.refresh_from_db()
    assert (user.role, user.is_staff, user.is_superuser) == (Role.ADMIN, True, True)
    assert user.approved_at is not None
    assert user.email == "ida@school.example"


@pytest.mark.parametrize("text", ["Ida.W", "ida.w", "IDA.W", " ida.w ", "Wells@school.example", "WELLS@SCHOOL.EXAMPLE"])
def test_find_by_login_returns_user(db, text):
    user = UserFactory(username="Ida.W", email="wells@school.example")
    UserFactory()

    assert User.objects.find_by_login(text) == user


@pytest.mark.parametrize(
    "text", ["", "ida", "ida.w\0", "ıda.w", "ida.ẃ", "wélls@school.example", "\ud800", "x" * 300, "@", "%", "_" * 5]
)
def test_find_by_login_returns_none_for_other_text(db, text):
    UserFactory(username="Ida.W", email="wells@school.example")

    assert User.objects.find_by_login(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ida", True),
        ("IDA", True),
        ("w_l", False),
        ("%", False),
        ("zofia", True),
        ("ŻÓŁĆ", True),
        ("żółć", True),
        ("Żółć", True),
        ("żół", True),
        ("żółć ida", True),
        ("żółć max", False),
        ("Łódź", False),
        ("", True),
    ],
)
def test_search_matches_every_word_in_any_case(db, text, found):
    UserFactory(username="ida.w", first_name="Zofia", last_name="Żółć")

    assert User.objects.search(text).exists() == found


@pytest.mark.parametrize("text", ["анна", "Анна", "АННА", "мария", "анна мария"])
def test_search_ignores_case_in_other_scripts(db, text):
    UserFactory(first_name="АННА", last_name="Мария")

    assert User.objects.search(text).exists()


@pytest.mark.parametrize(
    ("names", "initials"),
    [(("Ada", "Hale"), "AH"), (("", "Hale"), "H"), (("żaneta", ""), "Ż"), (("", ""), "MS"), (("李", "娜"), "李娜")],
)
def test_initials_of_name_or_username(names, initials):
    assert User(username="ms.hale", first_name=names[0], last_name=names[1]).initials == initials


def test_hue_depends_on_username_in_any_case():
    hues = {name: User(username=name).hue for name in ("sam", "SAM", "kim", "olu", "ms.hale")}

    assert hues == {"sam": 0, "SAM": 0, "kim": hues["kim"], "olu": hues["olu"], "ms.hale": hues["ms.hale"]}
    assert all(0 <= hue < 12 for hue in hues.values())
