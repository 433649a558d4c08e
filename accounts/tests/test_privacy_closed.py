"""Closed accounts."""

import pytest

from accounts import actions
from accounts.models import User
from accounts.tests.factories import PASSWORD, AdminFactory
from accounts.tests.helpers import Page

GOODBYE = {"password": PASSWORD, "understood": "on"}


@pytest.mark.parametrize("who", ["sam", "sam@school.example"])
def test_somebody_who_left_cannot_sign_in_or_reset(as_, client, student, mailoutbox, who):
    as_(student).post("/account/delete/", GOODBYE)

    response = client.post("/login/", {"username": who, "password": PASSWORD})
    client.post("/password-reset/", {"email": "sam@school.example"})
    client.post("/password-reset/", {"email": f"former-{student.pk}@invalid.invalid"})

    assert "Invalid username or password." in Page(response).error_summary()[0]
    assert mailoutbox == []


@pytest.mark.parametrize("viewer", ["classmate", "teacher", "admin"])
def test_the_profile_of_somebody_who_left_does_not_exist(as_, student, viewer, request):
    viewer = as_(request.getfixturevalue(viewer))
    assert viewer.get("/users/sam/").status_code == 200

    as_(student).post("/account/delete/", GOODBYE)

    for name in ("sam", f"former-{student.pk}"):
        assert viewer.get(f"/users/{name}/").status_code == 404
        assert viewer.get(f"/users/{name}/popover/").status_code == 404
    assert "sam" not in Page(viewer.get("/students/?q=sam")).text().replace("sam”", "").replace("“sam", "")


def test_the_name_and_the_address_are_free_again(as_, client, student):
    as_(student).post("/account/delete/", GOODBYE)

    response = client.post(
        "/register/student/",
        {"username": "sam", "email": "sam@school.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert response.status_code == 302
    assert User.objects.get(username="sam").pk != student.pk


def test_a_closed_account_is_not_opened_again(as_, student, admin):
    as_(student).post("/account/delete/", GOODBYE)
    people = User.objects.filter(pk=student.pk)

    assert actions.reactivate_users(people, admin) == 0
    assert actions.change_role(people, "admin", admin) == 0
    assert actions.approve_teachers(people, admin) == 0


def test_closing_twice_is_the_same_as_once(student):
    actions.close_account(student, student)
    first = User.objects.values().get(pk=student.pk)

    actions.close_account(User.objects.get(pk=student.pk), student)

    second = User.objects.values().get(pk=student.pk)
    for name in ("username", "email", "is_active"):
        assert first[name] == second[name]


def test_the_last_administrator_cannot_leave(as_, admin):
    response = as_(admin).post("/account/delete/", GOODBYE)

    admin.refresh_from_db()
    assert "You are the only administrator" in response.content.decode()
    assert admin.is_active


def test_an_administrator_leaves_when_there_is_another(as_, admin):
    AdminFactory(username="deputy")

    as_(admin).post("/account/delete/", GOODBYE)

    admin.refresh_from_db()
    assert admin.is_closed
