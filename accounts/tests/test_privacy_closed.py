"""Closed accounts."""

import pytest

from accounts import actions
from accounts.models import User
from accounts.tests.factories import PASSWORD, AdminFactory
from accounts.tests.helpers import Page
from accounts.tests.passwords import request_reset

CONFIRMED = {"password": PASSWORD, "understood": "on"}


@pytest.mark.parametrize("login", ["sam", "sam@school.example"])
def test_closed_account_cannot_sign_in_or_reset_password(client_for, client, student, mailoutbox, login):
    client_for(student).post("/account/delete/", CONFIRMED)

    response = client.post("/login/", {"username": login, "password": PASSWORD})
    request_reset("sam@school.example")
    request_reset(f"former-{student.pk}@invalid.invalid")

    assert "Invalid username or password." in Page(response).error_summary()[0]
    assert mailoutbox == []


@pytest.mark.parametrize("viewer", ["classmate", "teacher", "admin"])
def test_profile_of_closed_account_returns_404(client_for, student, viewer, request):
    viewer = client_for(request.getfixturevalue(viewer))
    assert viewer.get("/users/sam/").status_code == 200

    client_for(student).post("/account/delete/", CONFIRMED)

    for name in ("sam", f"former-{student.pk}"):
        assert viewer.get(f"/users/{name}/").status_code == 404
        assert viewer.get(f"/users/{name}/popover/").status_code == 404
    assert "sam" not in Page(viewer.get("/students/?q=sam")).text().replace("sam”", "").replace("“sam", "")


def test_username_and_email_of_closed_account_can_be_used_again(client_for, client, student):
    client_for(student).post("/account/delete/", CONFIRMED)

    response = client.post(
        "/register/student/",
        {"username": "sam", "email": "sam@school.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert response.status_code == 302
    assert User.objects.get(username="sam").pk != student.pk


def test_closed_account_cannot_be_reopened(client_for, student, admin):
    client_for(student).post("/account/delete/", CONFIRMED)
    users = User.objects.filter(pk=student.pk)

    assert actions.reactivate_users(users, admin) == 0
    assert actions.change_role(users, "admin", admin) == 0
    assert actions.approve_teachers(users, admin) == 0


def test_closing_closed_account_has_no_effect(student):
    actions.close_account(student, student)
    first = User.objects.values().get(pk=student.pk)

    actions.close_account(User.objects.get(pk=student.pk), student)

    second = User.objects.values().get(pk=student.pk)
    for name in ("username", "email", "is_active"):
        assert first[name] == second[name]


def test_last_administrator_cannot_close_account(client_for, admin):
    response = client_for(admin).post("/account/delete/", CONFIRMED)

    admin.refresh_from_db()
    assert "The site needs at least one active administrator" in response.content.decode()
    assert admin.is_active


def test_administrator_can_close_account_if_another_exists(client_for, admin):
    AdminFactory(username="deputy")

    client_for(admin).post("/account/delete/", CONFIRMED)

    admin.refresh_from_db()
    assert admin.is_closed
