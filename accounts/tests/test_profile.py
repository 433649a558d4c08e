"""The profile form."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry


def profile(person, **changes):
    """Return what the profile form sends of `person`, with `changes`."""
    fields = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "location", "description")}
    return fields | {"current_password": PASSWORD} | changes


def save(client, person, **changes):
    return client.post("/account/", profile(person, **changes))


def test_what_one_says_of_oneself_is_saved(as_, student):
    response = as_(student).post(
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


def test_the_record_names_the_changed_fields_only(as_, student):
    save(as_(student), student, location="House Elm", email="SAM@school.example", first_name=" Sam ")

    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["location"], "")


def test_saving_nothing_new_records_nothing(as_, student):
    before = User.objects.get(pk=student.pk).updated_at

    assert save(as_(student), student).status_code == 302

    assert not LogEntry.objects.exists()
    assert User.objects.get(pk=student.pk).updated_at == before


@pytest.mark.parametrize("password", ["", "not my password", "x" * 5_000])
def test_an_address_is_not_changed_without_the_password(as_, student, password):
    response = save(
        as_(student), student, email="mallory@school.example", location="House Elm", current_password=password
    )

    page = Page(response)
    assert "Enter your password" in page.error_beside("current_password")
    assert page.value("location") == "House Elm"
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_everything_else_is_changed_without_the_password(as_, student):
    save(as_(student), student, email="SAM@school.example", location="House Elm", current_password="")

    student.refresh_from_db()
    assert student.location == "House Elm"


@pytest.mark.parametrize("taken", ["kim@school.example", "KIM@School.example", "ms.hale@school.example"])
def test_an_address_that_is_taken_is_refused_beside_the_field(as_, student, classmate, teacher, taken):
    response = save(as_(student), student, email=taken, location="House Elm")

    page = Page(response)
    assert "An account with this email address already exists." in page.error_beside("email")
    assert page.error_summary()[1] == ["id_email"]
    assert (page.value("email"), page.value("location")) == (taken, "House Elm")
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_an_address_taken_a_moment_ago_is_refused_beside_the_field(as_, student, classmate, monkeypatch):
    monkeypatch.setattr("django.db.models.Model.validate_unique", lambda *args, **kwargs: None)

    response = save(as_(student), student, email="kim@school.example", location="House Elm")

    page = Page(response)
    assert page.error_beside("email")
    assert page.value("location") == "House Elm"


def test_a_form_with_an_error_leaves_the_frame_of_the_page_as_it_was(as_, student):
    response = save(as_(student), student, first_name="Mallory", email="not an address")

    header = Page(response).by_class("menu-who")[0]
    assert "Sam Okafor" in "".join(header.itertext())


RULES = [
    ("email", ""), ("email", "sam"), ("email", "zoë@school.example"), ("location", "ab"), ("location", "a" * 41),
    ("description", "too short"), ("description", "a" * 201), ("first_name", "a" * 151), ("last_name", "a" * 151),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), RULES, ids=[f"{field} {len(value)}" for field, value in RULES])
def test_what_breaks_a_rule_is_said_beside_the_field_and_kept(as_, student, field, value):
    page = Page(save(as_(student), student, **{field: value}))

    assert page.error_beside(field)
    assert page.error_beside(field) in page.error_summary()[0]
    assert page.value(field) == value
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "name",
    sorted(
        {field.name for field in User._meta.concrete_fields}
        - {"first_name", "last_name", "email", "location", "description", "updated_at"}
    ),
)
def test_the_profile_form_changes_nothing_else(as_, waiting_teacher, name):
    before = User.objects.values().get(pk=waiting_teacher.pk)

    for value in ("1", "on", "admin", "2020-01-01 00:00", "avatars/another.webp"):
        save(as_(waiting_teacher), waiting_teacher, **{name: value})

    after = User.objects.values().get(pk=waiting_teacher.pk)
    assert after | {"last_login": None} == before | {"last_login": None}
