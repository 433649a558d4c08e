"""Confirmation pages of bulk actions."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Role, User
from accounts.refusals import LastAdministrator
from accounts.tests.admin import USERS, messages_of, run_action
from accounts.tests.factories import AdminFactory, StudentFactory, UserFactory

CONFIRMED = ["revoke", "deactivate", "change_role", "end_sessions", "close"]


@pytest.mark.parametrize("action", CONFIRMED)
def test_action_requires_confirmation_and_lists_users(admin_client, teacher, action):
    response = run_action(admin_client, action, teacher)

    html = response.content.decode()
    assert response.status_code == 200
    assert "ms.hale" in html
    assert 'name="reason"' in html
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("action", CONFIRMED)
@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 201])
def test_action_requires_a_reason(admin_client, teacher, client_for, action, reason):
    client_for(teacher)

    response = run_action(admin_client, action, teacher, reason=reason, role="student")

    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    teacher.refresh_from_db()
    assert teacher.is_teacher
    assert teacher.is_active
    assert teacher.sessions.exists()
    assert not LogEntry.objects.exists()


def test_action_requires_confirmation_again_if_selection_changed(admin_client, student):
    asked = admin_client.post(
        USERS + "?role__exact=student", {"action": "deactivate", "_selected_action": student.pk, "select_across": "1"}
    )
    late = StudentFactory()

    response = admin_client.post(
        USERS + "?role__exact=student",
        {
            "action": "deactivate",
            "_selected_action": student.pk,
            "select_across": "1",
            "reason": "Leavers",
            "confirmed": asked.context["number"],
        },
    )

    assert response.status_code == 200
    assert response.context["selection_changed"]
    late.refresh_from_db()
    assert late.is_active


def test_action_applies_to_all_filtered_users(admin_client, student, classmate, teacher):
    admin_client.post(
        USERS + "?role__exact=student",
        {
            "action": "deactivate",
            "_selected_action": student.pk,
            "select_across": "1",
            "reason": "Leavers",
            "confirmed": 2,
        },
    )

    assert set(User.objects.filter(is_active=False)) == {User.objects.get(pk=p.pk) for p in (student, classmate)}


def test_confirmation_lists_twenty_items_and_counts_the_rest(admin_client):
    people = StudentFactory.create_batch(25)

    response = run_action(admin_client, "deactivate", *people)

    assert len(response.context["listed"]) == 20
    assert "and 5 more" in response.content.decode()


@pytest.mark.parametrize(
    ("action", "answers"), [("deactivate", {}), ("change_role", {"role": "student"}), ("close", {})]
)
def test_refused_action_shows_the_reason_on_the_list(client_for, action, answers):
    superuser = UserFactory(username="root", is_staff=True, is_superuser=True, role=Role.TEACHER)
    administrator = AdminFactory()
    client = client_for(superuser)

    response = run_action(client, action, administrator, reason="Left the school", **answers)

    assert response.status_code == 302
    [message] = messages_of(client.get(response.url))
    assert message == str(LastAdministrator())
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.role) == (True, Role.ADMIN)
    assert not LogEntry.objects.exists()


def test_action_that_applies_to_nothing_shows_a_warning(admin_client, teacher):
    direct = run_action(admin_client, "approve", teacher)
    confirmed = run_action(admin_client, "revoke", AdminFactory(), reason="Left the school")

    assert direct.status_code == confirmed.status_code == 302
    warning = "This action does not apply to any of the selected items."
    assert messages_of(admin_client.get(USERS)) == [warning, warning]
    assert not LogEntry.objects.exists()
