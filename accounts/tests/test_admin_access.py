"""Access to the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.devices import session_handle
from accounts.models import Role, User
from accounts.tests.admin import USERS, change_url, form_data, run_action
from accounts.tests.factories import PASSWORD, AdminFactory, UserFactory

SESSIONS = "/admin/accounts/session/"


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/user/", "/admin/nowhere/", "/admin/jsi18n/"])
def test_visitor_is_redirected_to_sign_in(client_for, db, address):
    response = client_for(None).get(address)

    assert response.status_code == 302
    assert response.url == f"/login/?next={address}"


@pytest.mark.parametrize("address", ["/admin/", USERS, "/admin/login/", "/admin/nowhere/", "/admin/autocomplete/"])
def test_users_without_staff_rights_get_403(client_for, student, teacher, address):
    for person in (student, teacher):
        assert client_for(person).get(address).status_code == 403


def test_admin_login_redirects_to_site_sign_in(client_for, db):
    response = client_for(None).get("/admin/login/?next=/admin/accounts/user/")

    assert response.status_code == 302
    assert response.url.startswith("/login/?next=")


def test_deactivated_administrator_is_redirected_to_sign_in(client_for, admin):
    client = client_for(admin)
    User.objects.filter(pk=admin.pk).update(is_active=False)

    response = client.get("/admin/")

    assert response.url == "/login/?next=/admin/"


def test_sign_out_and_password_change_use_site_pages(admin_client):
    password = admin_client.get("/admin/password_change/")
    leaving = admin_client.post("/admin/logout/")

    assert password.url == reverse("password_change")
    assert leaving.status_code == 302
    assert admin_client.get("/admin/").status_code == 302


def test_staff_can_change_students_but_not_staff(client_for, secretary, student, admin):
    client = client_for(secretary)
    other = UserFactory(username="porter", is_staff=True)

    changed = client.post(change_url(student), form_data(student, first_name="Samuel"))
    refused = [client.post(change_url(person), form_data(person, email="mine@x.example")) for person in (admin, other)]

    assert changed.status_code == 302
    assert [response.status_code for response in refused] == [403, 403]


def test_staff_cannot_set_password_of_administrator(client_for, secretary, admin):
    sent = {"password1": "a brand new one", "password2": "a brand new one", "usable_password": "true"}

    response = client_for(secretary).post(f"{USERS}{admin.pk}/password/", sent | {"set-password": "1"})

    assert response.status_code == 403
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_staff_cannot_create_administrators(client_for, secretary, student):
    client = client_for(secretary)
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    added = client.post(USERS + "add/", {"username": "evil", "email": "e@x.example", "role": "admin", **passwords})
    raised = run_action(client, "change_role", student, role="admin", reason="why not")
    himself = run_action(client, "change_role", secretary, role="admin", reason="why not")

    assert "role" in added.context["adminform"].form.errors
    assert "role" in raised.context["form"].errors
    assert himself.status_code == 302
    assert not User.objects.filter(role=Role.ADMIN).exists()
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("action", ["deactivate", "change_role", "end_sessions", "close"])
def test_staff_actions_do_not_affect_administrators(client_for, secretary, admin, action):
    AdminFactory()  # so that `admin` is not protected as the last administrator
    client_for(admin)

    run_action(client_for(secretary), action, admin, role="student", reason="why not")

    admin.refresh_from_db()
    assert admin.is_active
    assert admin.is_superuser
    assert admin.sessions.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("action", ["deactivate", "end_sessions", "close"])
def test_staff_actions_do_not_affect_superusers_with_another_role(client_for, secretary, action):
    superuser = UserFactory(username="root", is_superuser=True)
    client_for(superuser)
    handle = session_handle(superuser.sessions.get().pk)
    client = client_for(secretary)

    run_action(client, action, superuser, reason="why not")
    client.post(SESSIONS, {"action": "end", "_selected_action": handle, "confirmed": 1, "reason": "why not"})

    superuser.refresh_from_db()
    assert superuser.is_active
    assert superuser.sessions.exists()


def test_staff_who_can_change_only_students_cannot_change_roles(client_for, student):
    tutor = UserFactory(username="tutor", is_staff=True)
    tutor.user_permissions.set(Permission.objects.filter(codename="change_student"))
    client = client_for(tutor)

    page = client.get(change_url(student, "student"))
    run_action(client, "change_role", student, role="teacher", reason="why not", url="/admin/accounts/student/")
    client.post(change_url(student, "student"), form_data(student, role="teacher", first_name="Samuel"))

    student.refresh_from_db()
    assert {name for name, _label in page.context["buttons"]} == {"deactivate", "end_sessions", "close"}
    assert (student.role, student.first_name) == (Role.STUDENT, "Samuel")


def test_administrator_can_change_roles_in_every_list(admin_client, student):
    for model in ("user", "student"):
        assert "change_role" in dict(admin_client.get(change_url(student, model)).context["buttons"])


def test_staff_with_view_permission_have_no_actions_and_see_no_hash(client_for, student):
    viewer = UserFactory(username="viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_user"))
    client = client_for(viewer)

    page = client.get(change_url(student))
    run_action(client, "deactivate", student, reason="why not")

    assert page.status_code == 200
    assert student.password not in page.content.decode()
    assert "buttons" not in page.context or not page.context["buttons"]
    student.refresh_from_db()
    assert student.is_active


def test_staff_without_permissions_get_403(client_for, db, student):
    client = client_for(UserFactory(username="nobody1", is_staff=True))

    for address in (USERS, change_url(student), "/admin/accounts/session/", "/admin/admin/logentry/"):
        assert client.get(address).status_code == 403


def test_administrator_can_create_administrators(admin_client):
    AdminFactory(username="second")

    assert "admin" in dict(admin_client.get(USERS + "add/").context["adminform"].form.fields["role"].choices)
