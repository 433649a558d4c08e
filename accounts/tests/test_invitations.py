"""Invitation codes for teachers."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import ADDITION
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.tests.helpers import Page, filled, the_one_entry

STUDENT, TEACHER = "/register/student/", "/register/teacher/"


def errors_of(response):
    """Return {field: codes} of a refused form."""
    assert response.status_code == 200
    return {
        name: [error["code"] for error in of] for name, of in response.context["form"].errors.get_json_data().items()
    }


def test_a_typed_invitation_code_stays_after_an_error(client, db):
    response = client.post(TEACHER, filled(username="x", invitation="ABCD-EFGH"))

    assert Page(response).value("invitation") == "ABCD-EFGH"


def test_an_invitation_is_nothing_to_a_student(client, db):
    invitation = Invitation.objects.create()

    client.post(STUDENT, filled(invitation=invitation.code))

    invitation.refresh_from_db()
    assert (User.objects.get().approved_at, invitation.uses) == (None, 0)


@pytest.mark.parametrize("write", [str, str.lower, lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} "])
def test_an_invitation_approves_a_teacher_at_once_however_it_is_typed(client, db, write):
    invitation = Invitation.objects.create(max_uses=2)

    response = client.post(TEACHER, filled(invitation=write(invitation.code)))

    person = User.objects.get()
    invitation.refresh_from_db()
    assert response.status_code == 302
    assert person.is_teacher
    assert invitation.uses == 1
    assert the_one_entry() == (person.pk, str(person.pk), ADDITION, [], "invitation")


@pytest.mark.parametrize(
    "made",
    [
        {"max_uses": 1, "uses": 1},
        {"max_uses": 0},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"code": "SOMEOTHER222"},
    ],
    ids=["used up", "for nobody", "expired", "wrong"],
)
def test_an_invitation_that_admits_nobody_is_refused_beside_its_field(client, db, made):
    invitation = Invitation.objects.create(**{"code": "ABCDEFGH2345"} | made)

    response = client.post(TEACHER, filled(invitation="abcd-efgh-2345"))

    assert errors_of(response) == {"invitation": ["invitation"]}
    page = Page(response)
    assert "not valid or has been used up" in page.error_beside("invitation")
    assert page.value("username") == "robin"
    assert not User.objects.exists()
    uses = invitation.uses
    invitation.refresh_from_db()
    assert invitation.uses == uses


def test_a_refused_registration_does_not_use_up_the_invitation(client, student):
    invitation = Invitation.objects.create()

    client.post(TEACHER, filled(username="SAM", invitation=invitation.code))

    invitation.refresh_from_db()
    assert invitation.uses == 0
