"""Adding and changing users in the admin."""

import io

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.files.base import ContentFile
from django.db import IntegrityError
from PIL import Image

from accounts import actions
from accounts.audit import fields_of
from accounts.models import Role, User
from accounts.tests.admin import USERS, change_url, entries, form_data
from accounts.tests.factories import PASSWORD, StudentFactory


@pytest.mark.parametrize("taken", ["SAM", "sam", "Sam"])
def test_taken_username_is_a_form_error_in_any_case(admin_client, student, classmate, taken):
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    added = admin_client.post(
        USERS + "add/", {"username": taken, "email": "n@s.example", "role": "student", **passwords}
    )

    assert added.status_code == 200
    assert added.context["adminform"].form.errors["username"] == ["This username is taken."]


def test_taken_email_is_a_form_error_in_any_case(admin_client, student, classmate):
    response = admin_client.post(change_url(classmate), form_data(classmate, email=student.email.upper()))

    assert "email" in response.context["adminform"].form.errors


def test_username_cannot_be_changed(admin_client, student):
    admin_client.post(change_url(student), form_data(student, username="somebody"))

    student.refresh_from_db()
    assert student.username == "sam"


def test_username_taken_concurrently_is_a_form_error(admin_client, monkeypatch):
    def lose(request, view):
        monkeypatch.undo()
        StudentFactory(username="RACER")
        raise IntegrityError

    monkeypatch.setattr("accounts.admin.base.in_operation", lose)
    fields = {"username": "racer", "email": "r@s.example", "role": "student"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(USERS + "add/", fields | passwords)

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.errors["username"] == ["This username is taken."]
    assert form["email"].value() == "r@s.example"


@pytest.mark.parametrize(
    ("role", "approved", "rights"), [("student", False, False), ("teacher", True, False), ("admin", True, True)]
)
def test_new_user_gets_rights_of_role_and_one_log_entry(admin_client, admin, role, approved, rights):
    fields = {"username": "newcomer", "email": "New@School.example", "role": role}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(USERS + "add/", fields | passwords)

    person = User.objects.get(username="newcomer")
    assert response.url == change_url(person)
    assert person.email == "new@school.example"
    assert (person.role, person.approved_at is not None, person.is_staff, person.is_superuser) == (
        role,
        approved,
        rights,
        rights,
    )
    assert person.check_password(PASSWORD)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_id) == (admin, ADDITION, str(person.pk))


@pytest.mark.parametrize(("model", "role"), [("student", "student"), ("teacher", "teacher")])
def test_user_added_to_list_of_role_gets_that_role(admin_client, model, role):
    fields = {"username": "newcomer", "email": "new@school.example", "role": "admin", "is_superuser": "on"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    admin_client.post(f"/admin/accounts/{model}/add/", fields | passwords)

    person = User.objects.get(username="newcomer")
    assert (person.role, person.is_superuser) == (role, False)
    assert person.is_teacher == (role == "teacher")
    assert entries(person).count() == 1


def test_change_through_proxy_writes_one_log_entry(admin_client, admin, student):
    admin_client.post(change_url(student, "student"), form_data(student, first_name="Samuel", location="House Curie"))

    student.refresh_from_db()
    assert (student.first_name, student.location) == ("Samuel", "House Curie")
    entry = LogEntry.objects.get()
    assert entry.user == admin
    assert entry.content_type.model_class() is User
    assert set(fields_of(entry)) == {"first_name", "location"}


def test_saving_unchanged_user_writes_no_log_entry(admin_client, student):
    admin_client.post(change_url(student), form_data(student))

    assert not LogEntry.objects.exists()


@pytest.mark.guarantee("form-fields")
def test_change_form_ignores_rights(admin_client, student):
    sent = {"role": "admin", "is_staff": "on", "is_superuser": "on", "approved_at_0": "2025-01-01", "is_active": ""}

    admin_client.post(change_url(student), form_data(student, **sent))

    student.refresh_from_db()
    assert (student.role, student.is_staff, student.is_superuser) == (Role.STUDENT, False, False)
    assert student.is_active
    assert not LogEntry.objects.exists()


def test_change_form_preserves_concurrent_changes(admin_client, student, monkeypatch):
    real = actions.save_profile

    def meanwhile(user, *args, **kwargs):
        User.objects.filter(pk=user.pk).update(role=Role.TEACHER)
        return real(user, *args, **kwargs)

    monkeypatch.setattr(actions, "save_profile", meanwhile)

    admin_client.post(change_url(student), form_data(student, first_name="Samuel"))

    student.refresh_from_db()
    assert (student.first_name, student.role) == ("Samuel", Role.TEACHER)


def test_picture_is_shown_and_can_be_removed(admin_client, admin, student):
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, "WEBP")
    student.avatar.save("cat.webp", ContentFile(written.getvalue()))

    shown = admin_client.get(change_url(student)).content.decode()
    admin_client.post(change_url(student), form_data(student, remove_picture="on"))

    assert student.avatar.url in shown
    student.refresh_from_db()
    assert not student.avatar
    assert fields_of(entries(student, user=admin).get()) == ["avatar"]


def test_user_page_has_buttons_for_applicable_actions(admin_client, student, teacher, pending_teacher, deactivated):
    def offered(person):
        return {name for name, _text in admin_client.get(change_url(person)).context["buttons"]}

    assert offered(student) == {"deactivate", "change_role", "end_sessions", "close"}
    assert offered(teacher) == {"revoke", "deactivate", "change_role", "end_sessions", "close"}
    assert "approve" in offered(pending_teacher)
    assert "reactivate" in offered(deactivated)
    assert "deactivate" not in offered(deactivated)


def test_own_page_only_has_button_to_end_sessions(admin_client, admin):
    verbs = admin_client.get(change_url(admin)).context["buttons"]

    assert {name for name, _text in verbs} == {"end_sessions"}


def test_user_cannot_be_deleted(admin_client, student):
    page = admin_client.get(change_url(student)).content.decode()
    response = admin_client.post(f"{USERS}{student.pk}/delete/", {"post": "yes"})

    assert "/delete/" not in page
    assert response.status_code == 403
    assert User.objects.filter(pk=student.pk).exists()
