"""Invitation codes for teachers."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import ADDITION
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.tests.helpers import Page, error_codes, only_log_entry, registration_data

STUDENT, TEACHER = "/register/student/", "/register/teacher/"


def test_invitation_code_is_preserved_after_error(client, db):
    response = client.post(TEACHER, registration_data(username="x", invitation="ABCD-EFGH"))

    assert Page(response).value("invitation") == "ABCD-EFGH"


def test_student_registration_ignores_invitation_code(client, db):
    invitation = Invitation.objects.create()

    client.post(STUDENT, registration_data(invitation=invitation.code))

    invitation.refresh_from_db()
    assert (User.objects.get().approved_at, invitation.uses) == (None, 0)


@pytest.mark.parametrize("notation", [str, str.lower, lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} "])
def test_invitation_code_approves_teacher_in_any_notation(client, db, notation):
    invitation = Invitation.objects.create(max_uses=2)

    response = client.post(TEACHER, registration_data(invitation=notation(invitation.code)))

    user = User.objects.get()
    invitation.refresh_from_db()
    assert response.status_code == 302
    assert user.is_teacher
    assert invitation.uses == 1
    assert only_log_entry() == (user.pk, str(user.pk), ADDITION, [], "invitation")


@pytest.mark.parametrize(
    "values",
    [
        {"max_uses": 1, "uses": 1},
        {"max_uses": 0},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"code": "SOMEOTHER222"},
    ],
    ids=["used up", "no uses", "expired", "wrong"],
)
def test_unusable_invitation_code_is_rejected(client, db, values):
    invitation = Invitation.objects.create(**{"code": "ABCDEFGH2345"} | values)

    response = client.post(TEACHER, registration_data(invitation="abcd-efgh-2345"))

    assert error_codes(response) == {"invitation": ["invitation"]}
    page = Page(response)
    assert "not valid or has been used up" in page.field_error("invitation")
    assert page.value("username") == "robin"
    assert not User.objects.exists()
    uses = invitation.uses
    invitation.refresh_from_db()
    assert invitation.uses == uses


def test_failed_registration_does_not_use_invitation(client, student):
    invitation = Invitation.objects.create()

    client.post(TEACHER, registration_data(username="SAM", invitation=invitation.code))

    invitation.refresh_from_db()
    assert invitation.uses == 0
