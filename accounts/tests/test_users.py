"""The user model: creation, lookup and properties."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, UserFactory


def test_the_user_model_is_user():
    assert get_user_model() is User


def test_a_new_user_is_a_student_by_default(db):
    assert User.objects.create_user("ida", "ida@school.example").role == Role.STUDENT


def test_what_teachers_may_waits_for_their_approval(db, teacher, waiting_teacher, student, admin):
    assert [person.is_teacher for person in (teacher, waiting_teacher, student, admin)] == [True, False, False, False]
    assert [person.is_pending for person in (teacher, waiting_teacher, student, admin)] == [False, True, False, False]
    assert [person.can_see_emails for person in (teacher, waiting_teacher, student, admin)] == [
        True,
        False,
        False,
        True,
    ]


def test_the_manager_brings_an_address_into_its_one_form(db):
    person = User.objects.create_user("ida", "  Ida.Wells@School.EXAMPLE ")

    assert person.email == "ida.wells@school.example"


def test_create_superuser_makes_an_approved_administrator(db):
    person = User.objects.create_superuser("ida", "IDA@school.example", PASSWORD)

    person.refresh_from_db()
    assert (person.role, person.is_staff, person.is_superuser) == (Role.ADMIN, True, True)
    assert person.approved_at is not None
    assert person.email == "ida@school.example"


def test_the_createsuperuser_command_makes_an_administrator(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", username="ida", email="ida@school.example", interactive=False, verbosity=0)

    person = User.objects.get()
    assert person.is_administrator
    assert person.approved_at is not None
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize(
    "typed", ["Ida.W", "ida.w", "IDA.W", " ida.w ", "Wells@school.example", "WELLS@SCHOOL.EXAMPLE"]
)
def test_one_text_names_one_person_at_sign_in(db, typed):
    person = UserFactory(username="Ida.W", email="wells@school.example")
    UserFactory()

    assert User.objects.find_by_login(typed) == person


@pytest.mark.parametrize(
    "typed", ["", "ida", "ida.w\0", "ıda.w", "ida.ẃ", "wélls@school.example", "\ud800", "x" * 300, "@", "%", "_" * 5]
)
def test_a_text_that_names_nobody_finds_nobody(db, typed):
    UserFactory(username="Ida.W", email="wells@school.example")

    assert User.objects.find_by_login(typed) is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("ida", True), ("IDA", True), ("w_l", False), ("%", False),
        ("zofia", True), ("ŻÓŁĆ", True), ("żółć", True), ("Żółć", True), ("żół", True),
        ("żółć ida", True), ("żółć max", False), ("Łódź", False), ("", True),
    ],
)  # fmt: skip
def test_search_finds_by_every_word_in_any_case_and_script(db, wanted, found):
    UserFactory(username="ida.w", first_name="Zofia", last_name="Żółć")

    assert User.objects.search(wanted).exists() == found


@pytest.mark.parametrize("wanted", ["анна", "Анна", "АННА", "мария", "анна мария"])
def test_search_folds_the_case_of_other_scripts_too(db, wanted):
    UserFactory(first_name="АННА", last_name="Мария")

    assert User.objects.search(wanted).exists()


@pytest.mark.parametrize(
    ("names", "initials"),
    [(("Ada", "Hale"), "AH"), (("", "Hale"), "H"), (("żaneta", ""), "Ż"), (("", ""), "MS"), (("李", "娜"), "李娜")],
)
def test_initials_come_from_the_names_and_else_from_the_username(names, initials):
    assert User(username="ms.hale", first_name=names[0], last_name=names[1]).initials == initials


def test_a_username_has_one_hue_for_ever_whatever_its_case():
    hues = {name: User(username=name).hue for name in ("sam", "SAM", "kim", "olu", "ms.hale")}

    assert hues == {"sam": 0, "SAM": 0, "kim": hues["kim"], "olu": hues["olu"], "ms.hale": hues["ms.hale"]}
    assert all(0 <= hue < 12 for hue in hues.values())
