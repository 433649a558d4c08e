"""Bad input in the admin."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Role, User
from accounts.tests.admin import USERS, change_url, entries, messages_of


@pytest.mark.parametrize("number", ["abc", "0", "-1", "9" * 30, "9" * 5000, "_00", "1_2F_2E"])
def test_bad_id_in_url_does_not_break_user_page(admin_client, number):
    for rest in ("change/", "history/", "password/", "delete/"):
        assert admin_client.get(f"{USERS}{number}/{rest}").status_code in (302, 403, 404)


def test_invalid_change_form_shows_errors_and_saves_nothing(admin_client, student):
    garbage = {
        "username": "a\0b",
        "email": "nobody",
        "first_name": "x" * 151,
        "location": "x",
        "description": "short",
        "role": "admin",
        "is_superuser": "on",
    }

    response = admin_client.post(change_url(student), garbage)

    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert {"email", "first_name", "location", "description"} <= {*errors}
    student.refresh_from_db()
    assert (student.username, student.role, student.is_superuser) == ("sam", Role.STUDENT, False)
    assert not entries(student).exists()


def test_invalid_add_form_creates_no_user(admin_client):
    response = admin_client.post(
        USERS + "add/",
        {"username": "🐸 frog\0", "email": "ü@x.de", "role": "king", "password1": "a"},
    )

    assert response.status_code == 200
    assert {"username", "email", "role"} <= {*response.context["adminform"].form.errors}
    assert User.objects.count() == 1


@pytest.mark.parametrize("chosen", ["abc", "", "9" * 30, "-1", "1 OR 1=1", "\0", "²"])
def test_invalid_selection_changes_nothing(admin_client, student, chosen):
    response = admin_client.post(USERS, {"action": "approve", "_selected_action": chosen}, follow=True)

    assert response.status_code == 200
    assert "The selection is not valid. Nothing has been changed." in messages_of(response)


@pytest.mark.parametrize("action", ["", "no_such_action", "delete_selected"])
def test_unknown_action_changes_nothing(admin_client, student, action):
    admin_client.post(USERS, {"action": action, "_selected_action": student.pk, "post": "yes"})

    assert User.objects.filter(pk=student.pk).exists()
    assert not LogEntry.objects.exists()
