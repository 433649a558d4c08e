"""Concurrent registrations."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import ADDITION
from django.db import connection
from django.test import Client

from accounts.models import Invitation, User
from accounts.tests.factories import StudentFactory, TeacherFactory
from accounts.tests.helpers import Page, filled, the_one_entry

STUDENT, TEACHER = "/register/student/", "/register/teacher/"


def errors_of(response):
    """Return {field: codes} of a refused form."""
    assert response.status_code == 200
    return {
        name: [error["code"] for error in of] for name, of in response.context["form"].errors.get_json_data().items()
    }


def send_at_once(address, forms):
    """Send registrations from as many threads at the same moment; return the responses."""
    start = Barrier(len(forms))

    def send(form):
        client = Client(raise_request_exception=False)
        start.wait(timeout=30)
        try:
            return client.post(address, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", ["name", "address"])
def test_of_fifty_registrations_at_once_one_makes_an_account(same):
    spellings = ("robin", "ROBIN", "Robin", "rObin", "robiN")
    if same == "name":
        forms = [filled(username=spellings[n % 5], email=f"robin{n}@school.example") for n in range(50)]
    else:
        forms = [filled(username=f"robin{n}", email=f"{spellings[n % 5]}@school.example") for n in range(50)]

    responses = send_at_once(STUDENT, forms)

    assert sorted(response.status_code for response in responses) == [200] * 49 + [302]
    field = "username" if same == "name" else "email"
    assert [errors_of(response) for response in responses if response.status_code == 200] == [{field: ["unique"]}] * 49
    assert User.objects.count() == 1
    assert the_one_entry()[2] == ADDITION


@pytest.mark.django_db(transaction=True)
def test_the_last_use_of_an_invitation_admits_one_of_many_who_come_at_once():
    invitation = Invitation.objects.create(max_uses=1)
    forms = [
        filled(username=f"robin{n}", email=f"robin{n}@school.example", invitation=invitation.code) for n in range(10)
    ]

    responses = send_at_once(TEACHER, forms)

    assert sorted(response.status_code for response in responses) == [200] * 9 + [302]
    invitation.refresh_from_db()
    assert (invitation.uses, User.objects.count()) == (1, 1)
    assert User.objects.get().is_teacher


@pytest.mark.parametrize(
    ("made", "field"), [({"username": "ROBIN"}, "username"), ({"email": "robin@school.example"}, "email")]
)
@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_somebody_faster_leaves_a_form_error_beside_the_field(client, db, monkeypatch, factory, made, field):
    """The check finds the name free; it is taken before the row is written."""
    from accounts import actions

    register = actions.register_user

    def after_somebody_else(user, code):
        factory(**{"username": "faster", "email": "faster@school.example"} | made)
        return register(user, code)

    monkeypatch.setattr(actions, "register_user", after_somebody_else)

    response = client.post(STUDENT, filled())

    assert errors_of(response) == {field: ["unique"]}
    assert Page(response).error_beside(field)
