"""Bulk actions on users."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry

from accounts import actions
from accounts.audit import fields_of, reason_of
from accounts.models import Role
from accounts.tests.admin import change_url, entries, form_data, run_action


def test_approve_pending_teachers(admin_client, admin, pending_teacher, teacher, student):
    response = run_action(admin_client, "approve", pending_teacher, teacher, student, url="/admin/accounts/user/")

    assert response.status_code == 302
    pending_teacher.refresh_from_db()
    student.refresh_from_db()
    assert pending_teacher.is_teacher
    assert not student.is_teacher
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, fields_of(entry)) == (admin, str(pending_teacher.pk), ["approved_at"])


def test_revoke_ends_sessions_and_records_reason(admin_client, admin, teacher, client_for):
    theirs = client_for(teacher)

    run_action(admin_client, "revoke", teacher, reason="Left the school")

    teacher.refresh_from_db()
    assert teacher.is_pending
    assert theirs.get("/account/").status_code == 302
    entry = entries(teacher).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["approved_at"], "Left the school")


def test_deactivate_and_reactivate(admin_client, admin, student, client_for):
    theirs = client_for(student)

    run_action(admin_client, "deactivate", student, reason="Asked by the parents")
    student.refresh_from_db()
    kept_out = not student.is_active
    run_action(admin_client, "reactivate", student)

    student.refresh_from_db()
    assert kept_out
    assert student.is_active
    assert theirs.get("/account/").status_code == 302
    back, out = entries(student).order_by("-pk")
    assert (out.user, fields_of(out), reason_of(out)) == (admin, ["is_active"], "Asked by the parents")
    assert (back.user, fields_of(back)) == (admin, ["is_active"])


def test_change_role_changes_rights(admin_client, admin, student, classmate):
    run_action(admin_client, "change_role", student, classmate, role="admin", reason="They run the site now")

    for person in (student, classmate):
        person.refresh_from_db()
        assert (person.role, person.is_staff, person.is_superuser) == ("admin", True, True)
        entry = entries(person).get()
        assert (entry.user, reason_of(entry)) == (admin, "They run the site now")
        assert "role" in fields_of(entry)


@pytest.mark.parametrize("role", ["", "king", "\0"])
def test_unknown_role_is_a_form_error(admin_client, student, role):
    response = run_action(admin_client, "change_role", student, role=role, reason="why not")

    assert response.status_code == 200
    assert response.context["form"].errors["role"]
    student.refresh_from_db()
    assert student.role == Role.STUDENT


def test_end_sessions_signs_user_out_everywhere(admin_client, admin, student, client_for):
    one, other = client_for(student), client_for(student)

    run_action(admin_client, "end_sessions", student, reason="A lost phone")

    assert one.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 302
    entry = entries(student).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["sessions"], "A lost phone")


def test_ending_own_sessions_preserves_current_one(admin_client, admin, client_for):
    elsewhere = client_for(admin)

    response = run_action(admin_client, "end_sessions", admin, reason="A lost phone")

    assert response.status_code == 302
    assert admin_client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_close_erases_name_but_not_row(admin_client, admin, student):
    run_action(admin_client, "close", student, reason="Left the school")

    student.refresh_from_db()
    assert student.is_closed
    assert student.username == f"former-{student.pk}"
    entry = entries(student).get()
    assert (entry.user, entry.action_flag, reason_of(entry)) == (admin, DELETION, "Left the school")


@pytest.mark.parametrize("action", ["deactivate", "change_role", "close"])
def test_own_account_is_excluded(admin_client, admin, student, action):
    asked = run_action(admin_client, action, admin, student)
    alone = run_action(admin_client, action, admin, role="student", reason="Enough of it")

    assert asked.context["excluded"] == 1
    assert list(asked.context["listed"]) == [student]
    assert alone.status_code == 302
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.is_superuser
    assert not LogEntry.objects.exists()


def test_closed_accounts_are_excluded(admin_client, admin, student):
    actions.close_account(student, admin)
    LogEntry.objects.all().delete()

    for action in ("approve", "reactivate"):
        run_action(admin_client, action, student)
    for action in ("deactivate", "change_role", "close", "end_sessions"):
        run_action(admin_client, action, student, role="admin", reason="why not")
    saved = admin_client.post(change_url(student), form_data(student, first_name="Sam"))

    student.refresh_from_db()
    assert saved.status_code == 403
    assert (student.is_active, student.role, student.first_name) == (False, Role.STUDENT, "")
    assert not LogEntry.objects.exists()
