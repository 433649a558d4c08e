"""The profile form."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, only_log_entry, save_profile


def test_profile_is_cleaned_and_saved(client_for, student):
    response = client_for(student).post(
        "/account/",
        {
            "first_name": "  Zoë ",
            "last_name": "Żółć 李",
            "email": "New@School.example",
            "current_password": PASSWORD,
            "location": "House   Elm",
            "description": "Chess.\r\nAnd bees.",
        },
        follow=True,
    )

    student.refresh_from_db()
    assert "Profile saved." in Page(response).text()
    assert (student.first_name, student.last_name, student.email) == ("Zoë", "Żółć 李", "new@school.example")
    assert (student.location, student.description) == ("House Elm", "Chess.\nAnd bees.")


def test_log_entry_contains_changed_fields_only(client_for, student):
    save_profile(client_for(student), student, location="House Elm", email="SAM@school.example", first_name=" Sam ")

    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["location"], "")


def test_unchanged_profile_writes_no_log_entry(client_for, student):
    before = User.objects.get(pk=student.pk).updated_at

    assert save_profile(client_for(student), student).status_code == 302

    assert not LogEntry.objects.exists()
    assert User.objects.get(pk=student.pk).updated_at == before


@pytest.mark.parametrize("password", ["", "not my password", "x" * 5_000])
def test_email_change_requires_password(client_for, student, password):
    response = save_profile(
        client_for(student), student, email="mallory@school.example", location="House Elm", current_password=password
    )

    page = Page(response)
    assert "Enter your password" in page.field_error("current_password")
    assert page.value("location") == "House Elm"
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_other_fields_do_not_require_password(client_for, student):
    save_profile(client_for(student), student, email="SAM@school.example", location="House Elm", current_password="")

    student.refresh_from_db()
    assert student.location == "House Elm"


@pytest.mark.parametrize("taken", ["kim@school.example", "KIM@School.example", "ms.hale@school.example"])
def test_taken_email_address_is_rejected(client_for, student, classmate, teacher, taken):
    response = save_profile(client_for(student), student, email=taken, location="House Elm")

    page = Page(response)
    assert "Another account uses this email address." in page.field_error("email")
    assert page.error_summary()[1] == ["id_email"]
    assert (page.value("email"), page.value("location")) == (taken, "House Elm")
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_email_address_taken_concurrently_is_rejected(client_for, student, classmate, monkeypatch):
    monkeypatch.setattr("django.db.models.Model.validate_unique", lambda *args, **kwargs: None)

    changes = {"email": "kim@school.example", "location": "House Elm"}

    page = Page(save_profile(client_for(student), student, **changes))

    assert page.field_error("email")
    assert page.value("location") == "House Elm"


def test_invalid_form_does_not_change_page_header(client_for, student):
    response = save_profile(client_for(student), student, first_name="Mallory", email="not an address")

    header = Page(response).by_class("account-menu")[0]
    assert "Sam Okafor" in "".join(header.itertext())


RULES = [
    ("email", ""),
    ("email", "sam"),
    ("email", "zoë@school.example"),
    ("location", "ab"),
    ("location", "a" * 41),
    ("description", "too short"),
    ("description", "a" * 201),
    ("first_name", "a" * 151),
    ("last_name", "a" * 151),
]


@pytest.mark.parametrize(("field", "value"), RULES, ids=[f"{field} {len(value)}" for field, value in RULES])
def test_invalid_value_shows_error_and_is_preserved(client_for, student, field, value):
    page = Page(save_profile(client_for(student), student, **{field: value}))

    assert page.field_error(field)
    assert page.field_error(field) in page.error_summary()[0]
    assert page.value(field) == value
    assert not LogEntry.objects.exists()


@pytest.mark.guarantee("form-fields")
@pytest.mark.parametrize(
    "name",
    sorted(
        {field.name for field in User._meta.concrete_fields} - {"email", "language", "updated_at", *User.PROFILE_FIELDS}
    ),
)
def test_profile_form_ignores_other_fields(client_for, pending_teacher, name):
    before = User.objects.values().get(pk=pending_teacher.pk)

    for value in ("1", "on", "admin", "2020-01-01 00:00", "avatars/another.webp"):
        save_profile(client_for(pending_teacher), pending_teacher, **{name: value})

    after = User.objects.values().get(pk=pending_teacher.pk)
    assert after | {"last_login": None} == before | {"last_login": None}
