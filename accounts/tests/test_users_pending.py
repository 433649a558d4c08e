"""Pending teachers."""

import pytest
from django.contrib.admin.models import ADDITION, LogEntry

from accounts import actions
from accounts.models import Invitation, User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page
from accounts.tests.outbox import send_emails


def queryset(user):
    return User.objects.filter(pk=user.pk)


def test_only_pending_teachers_are_approved(admin, student, teacher, pending_teacher):
    before = teacher.approved_at

    assert actions.approve_teachers(User.objects.all(), admin) == 1

    teacher.refresh_from_db()
    pending_teacher.refresh_from_db()
    student.refresh_from_db()
    assert teacher.approved_at == before
    assert pending_teacher.is_teacher
    assert student.approved_at is None


def test_approved_teacher_gets_an_email(admin, pending_teacher, mailoutbox, settings):
    settings.SITE_URL = "https://school.example"
    actions.approve_teachers(queryset(pending_teacher), admin)
    actions.approve_teachers(queryset(pending_teacher), admin)

    send_emails()

    (message,) = mailoutbox
    assert (message.to, message.subject) == ([pending_teacher.email], "Your Homeroom account has been approved")
    assert "Hello mr.new,\n\nAn administrator has approved your teacher account." in message.body
    assert "https://school.example/home/" in message.body


@pytest.mark.parametrize("changes", [{"approved_at": None}, {"is_active": False}, {"email": None}])
def test_no_email_is_sent_if_the_approval_no_longer_holds(admin, pending_teacher, mailoutbox, changes):
    actions.approve_teachers(queryset(pending_teacher), admin)
    queryset(pending_teacher).update(**changes)

    send_emails()

    assert mailoutbox == []


PAGES = [
    "/home/teacher/",
    "/students/",
    "/teachers/",
    "/users/mr.new/",
    "/account/",
    "/account/password/",
    "/account/sessions/",
    "/account/delete/",
    "/rooms/",
    "/rooms/common/",
    "/notifications/",
    "/nowhere/",
    "/home/student/",
]

BANNER = "Your account is awaiting approval."


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_banner_to_pending_teacher(client_for, pending_teacher, teacher, page):
    assert BANNER in Page(client_for(pending_teacher).get(page)).text()
    assert BANNER not in Page(client_for(teacher).get(page.replace("mr.new", "ms.hale"))).text()


def test_approval_takes_effect_on_next_request(client_for, pending_teacher, student, admin):
    client = client_for(pending_teacher)
    assert student.email not in client.get("/users/sam/").content.decode()

    actions.approve_teachers(queryset(pending_teacher), admin)

    assert BANNER not in Page(client.get("/home/teacher/")).text()
    assert student.email in client.get("/users/sam/").content.decode()


@pytest.mark.guarantee("pending")
def test_revoked_teacher_has_permissions_of_student(client_for, teacher, student, admin):
    actions.revoke_approval(queryset(teacher), admin)
    teacher.refresh_from_db()
    client = client_for(teacher)

    assert BANNER in Page(client.get("/home/teacher/")).text()
    assert student.email not in client.get("/users/sam/").content.decode()


def test_invited_teacher_is_not_pending(client, db):
    code = Invitation.objects.create().code
    fields = {"username": "robin", "email": "robin@school.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/register/teacher/", fields | {"invitation": code})

    response = client.post("/login/teacher/", {"username": "robin", "password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == "/home/teacher/"
    assert BANNER not in Page(response).text()
    assert LogEntry.objects.get().action_flag == ADDITION
