"""Events that end sessions."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import actions
from accounts.models import Role, Session, User
from accounts.tests.factories import PASSWORD

NEW = "another horse staple"

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def signed_in(person, agent=FIREFOX):
    client = Client()
    response = client.post(
        "/login/", {"username": person.username, "password": PASSWORD}, headers={"User-Agent": agent}
    )
    assert response.status_code == 302
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def reset_password(person, client):
    address = f"/password-reset/{urlsafe_base64_encode(force_bytes(person.pk))}/"
    address += f"{default_token_generator.make_token(User.objects.get(pk=person.pk))}/"
    visitor = Client()
    form = visitor.get(address).headers["Location"]
    assert visitor.post(form, {"new_password1": NEW, "new_password2": NEW}).status_code == 302


def _one(person):
    return User.objects.filter(pk=person.pk)


ENDINGS = {
    "password reset": reset_password,
    "role changed": lambda person, client: actions.change_role(_one(person), Role.TEACHER, person),
    "role changed behind our back": lambda person, client: _one(person).update(role=Role.TEACHER),
    "password changed behind our back": lambda person, client: _one(person).update(password="!"),
    "deactivated": lambda person, client: actions.deactivate_users(_one(person), person),
    "deactivated behind our back": lambda person, client: _one(person).update(is_active=False),
    "closed": lambda person, client: actions.close_account(User.objects.get(pk=person.pk), person),
    "all sessions ended": lambda person, client: actions.end_sessions(person, person),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_session_ends_by_the_next_request(student, classmate, ending):
    one, two, bystander = signed_in(student), signed_in(student, SAFARI), signed_in(classmate)

    ENDINGS[ending](student, one)

    assert [is_in(one), is_in(two), is_in(bystander)] == [False, False, True]


def test_revoking_an_approval_ends_the_sessions(teacher, admin):
    client = signed_in(teacher)

    actions.revoke_approval(User.objects.filter(pk=teacher.pk), admin)

    assert not is_in(client)
    assert not Session.objects.filter(user=teacher).exists()
