"""Events that end sessions."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import actions
from accounts.models import Role, Session, User
from accounts.tests.factories import AdminFactory
from accounts.tests.helpers import NEW_PASSWORD, is_signed_in
from accounts.tests.sessions import SAFARI, signed_in_client


def reset_password(user, _client):
    url = f"/password-reset/{urlsafe_base64_encode(force_bytes(user.pk))}/"
    url += f"{default_token_generator.make_token(User.objects.get(pk=user.pk))}/"
    client = Client()
    form = client.get(url).headers["Location"]
    assert client.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}).status_code == 302


def queryset(user):
    return User.objects.filter(pk=user.pk)


EVENTS = {
    "password reset": reset_password,
    "role changed": lambda user, client: actions.change_role(queryset(user), Role.TEACHER, AdminFactory()),
    "role changed in the database": lambda user, client: queryset(user).update(role=Role.TEACHER),
    "password changed in the database": lambda user, client: queryset(user).update(password="!"),
    "deactivated": lambda user, client: actions.deactivate_users(queryset(user), AdminFactory()),
    "deactivated in the database": lambda user, client: queryset(user).update(is_active=False),
    "closed": lambda user, client: actions.close_account(User.objects.get(pk=user.pk), user),
    "all sessions ended": lambda user, client: actions.end_sessions(user, user),
}


@pytest.mark.guarantee("sessions")
@pytest.mark.parametrize("event", EVENTS)
def test_all_sessions_of_user_end_by_next_request(student, classmate, event):
    client, other_client, classmate_client = (
        signed_in_client(student),
        signed_in_client(student, SAFARI),
        signed_in_client(classmate),
    )

    EVENTS[event](student, client)

    assert [is_signed_in(client), is_signed_in(other_client), is_signed_in(classmate_client)] == [False, False, True]


def test_revoking_approval_ends_sessions(teacher, admin):
    client = signed_in_client(teacher)

    actions.revoke_approval(User.objects.filter(pk=teacher.pk), admin)

    assert not is_signed_in(client)
    assert not Session.objects.filter(user=teacher).exists()
