"""Usernames that look like usernames of teachers and administrators."""

import pytest

from accounts import actions
from accounts.audit import reason_of
from accounts.models import Invitation, User
from accounts.tests.admin import USERS, entries, run_action
from accounts.tests.factories import PASSWORD, StudentFactory, TeacherFactory
from accounts.tests.helpers import error_codes, registration_data
from accounts.validators import fold_username

STUDENT, TEACHER = "/register/student/", "/register/teacher/"
LOOKALIKES = ["ms-hale", "ms_hale", "mshale", "MsHale", "m.s.h-a_le", "ms.ha1e", "ms.haIe", "ms.hAie", "ms..hale"]
LOOKALIKES += ["rns.hale", "RNs-Hale", "m5.hale", "ms.h4le", "ms.hal3", "rn5.h4l3"]


def add_user(client, username, role="student", url=USERS, **data):
    data |= {"username": username, "email": "new@school.example", "role": role, "usable_password": "true"}
    return client.post(f"{url}add/", data | {"password1": PASSWORD, "password2": PASSWORD})


@pytest.mark.guarantee("lookalikes")
@pytest.mark.parametrize("url", [STUDENT, TEACHER])
@pytest.mark.parametrize("username", LOOKALIKES)
def test_lookalike_of_teacher_cannot_register(client, teacher, url, username):
    assert error_codes(client.post(url, registration_data(username=username))) == {"username": ["lookalike"]}


@pytest.mark.parametrize(
    ("existing", "username", "is_refused"),
    [
        ({"role": "admin"}, "0LA.l", True),
        ({"role": "teacher", "approved_at": "2026-01-01T00:00Z"}, "0LA.l", True),
        ({"role": "teacher", "approved_at": "2026-01-01T00:00Z", "is_active": False}, "0LA.l", True),
        ({"role": "teacher", "approved_at": "2026-01-01T00:00Z"}, "ola1a", False),
        ({"role": "teacher"}, "0LA.l", False),
        ({"role": "student"}, "0LA.l", False),
    ],
)
def test_only_names_of_approved_staff_are_protected(client, db, existing, username, is_refused):
    StudentFactory(username="olai")
    User.objects.filter(username="olai").update(**existing)

    response = client.post(STUDENT, registration_data(username=username))

    assert response.status_code == (200 if is_refused else 302)


def test_name_of_closed_account_is_free(client, teacher):
    actions.close_account(teacher, teacher)

    assert client.post(STUDENT, registration_data(username=f"former{teacher.pk}")).status_code == 302
    assert client.post(STUDENT, registration_data(username="ms-hale", email="b@school.example")).status_code == 302


@pytest.mark.parametrize(
    ("first", "second"),
    [("dr.head", "dr.heacl"), ("dr.head", "clr.head"), ("dr.head", "dr.he4d"), ("mr.wood", "mr.vvood")],
)
def test_letters_that_look_like_another_are_equal(first, second):
    assert fold_username(first) == fold_username(second)


RESERVED = ["adm1n", "ADM.IN", "adminl.strator", "m0derator", "t.eacher", "home-room", "adrnin", "5taff", "r00t"]
RESERVED += ["r0om", "he1p", "ro-om", "f0rmer-x", "former_23", "FORMER.x"]


@pytest.mark.parametrize("username", RESERVED)
def test_lookalike_of_reserved_name_is_rejected(client, db, username):
    response = client.post(STUDENT, registration_data(username=username))

    assert error_codes(response) == {"username": ["reserved_username"]}


@pytest.mark.parametrize("username", ["ali", "apl", "mall", "mali", "horne", "formerly"])
def test_first_names_are_not_reserved(client, db, username):
    assert client.post(STUDENT, registration_data(username=username)).status_code == 302


def test_invited_teacher_cannot_take_lookalike_of_student(client, student):
    code = Invitation.objects.create().code

    response = client.post(TEACHER, registration_data(username="s-am", invitation=code))

    assert error_codes(response) == {"username": ["lookalike"]}
    assert client.post(TEACHER, registration_data(username="s-am")).status_code == 302


@pytest.mark.parametrize(
    ("url", "role", "username", "similar"),
    [
        (USERS, "student", "ms-hale", "ms.hale"),
        (USERS, "teacher", "s-am", "sam"),
        (USERS, "admin", "s-am", "sam"),
        ("/admin/accounts/teacher/", "", "s-am", "sam"),
        ("/admin/accounts/student/", "", "ms-hale", "ms.hale"),
    ],
)
def test_administrator_can_allow_lookalike(admin_client, student, teacher, url, role, username, similar):
    refused = add_user(admin_client, username, role, url)
    allowed = add_user(admin_client, username, role, url, allow_lookalike="on")

    (error,) = refused.context["adminform"].form.errors["username"]
    assert f"looks like: {similar}." in error
    assert allowed.status_code == 302
    assert User.objects.filter(username=username).exists()


def test_lookalikes_of_students_are_allowed_for_students(admin_client, student):
    assert add_user(admin_client, "s-am").status_code == 302


def test_approval_shows_lookalikes_first(admin_client, pending_teacher, student):
    lookalike = StudentFactory(username="mrnew")
    asked = run_action(admin_client, "approve", pending_teacher)
    pending_teacher.refresh_from_db()
    was_pending = pending_teacher.is_pending

    run_action(admin_client, "approve", pending_teacher, reason="I met him")

    assert asked.context["warnings"] == [f"mr.new looks like: {lookalike.username}"]
    assert "mr.new looks like: mrnew" in asked.content.decode()
    assert was_pending
    pending_teacher.refresh_from_db()
    assert pending_teacher.is_teacher
    assert reason_of(entries(pending_teacher).get()) == "I met him"


def test_approval_of_two_lookalikes_shows_both(admin_client, pending_teacher):
    other = TeacherFactory(username="MrNew", approved_at=None)

    asked = run_action(admin_client, "approve", pending_teacher, other)

    assert sorted(asked.context["warnings"]) == ["MrNew looks like: mr.new", "mr.new looks like: MrNew"]


def test_promotion_shows_lookalikes(admin_client, teacher):
    lookalike = StudentFactory(username="ms-hale")

    asked = run_action(admin_client, "change_role", lookalike)

    assert asked.context["warnings"] == ["ms-hale looks like: ms.hale"]


def test_folded_names_are_equal_only_for_lookalikes():
    assert len({fold_username(name) for name in ["ms.hale", *LOOKALIKES]}) == 1
    assert len({fold_username(name) for name in ["ms.hale", "ms.hales", "ms.hall", "mr.hale", "hale.ms"]}) == 5
