"""Passwords in the admin."""

from django.contrib.admin.models import LogEntry

from accounts.audit import fields_of
from accounts.tests.admin import USERS, entries
from accounts.tests.factories import PASSWORD

PASSWORDS = {
    "password1": "a brand new one",
    "password2": "a brand new one",
    "usable_password": "true",
    "set-password": "1",
}


def test_setting_password_writes_one_log_entry_and_ends_sessions(admin_client, admin, student, client_for):
    theirs = client_for(student)

    admin_client.post(f"{USERS}{student.pk}/password/", PASSWORDS)

    student.refresh_from_db()
    assert student.check_password("a brand new one")
    assert fields_of(entries(student, user=admin).get()) == ["password"]
    assert not student.sessions.exists()
    assert theirs.get("/account/").status_code == 302


def test_removing_password_writes_log_entry(admin_client, student):
    admin_client.post(f"{USERS}{student.pk}/password/", {"usable_password": "false", "unset-password": "1"})

    student.refresh_from_db()
    assert not student.has_usable_password()
    assert fields_of(entries(student).get()) == ["password"]


def test_setting_own_password_preserves_current_session(admin_client, admin, client_for):
    elsewhere = client_for(admin)

    admin_client.post(f"{USERS}{admin.pk}/password/", PASSWORDS)

    assert admin_client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_invalid_password_is_a_form_error(admin_client, student):
    response = admin_client.post(f"{USERS}{student.pk}/password/", PASSWORDS | {"password1": "x", "password2": "y"})

    assert response.status_code == 200
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()
