"""Concurrent registrations."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.admin.models import ADDITION
from django.db import connection
from django.test import Client

from accounts.models import Invitation, User
from accounts.tests.factories import StudentFactory, TeacherFactory
from accounts.tests.helpers import Page, error_codes, only_log_entry, registration_data

STUDENT, TEACHER = "/register/student/", "/register/teacher/"


def register_concurrently(url, forms):
    """Submit registrations at the same time, one per thread. Return the responses."""
    start = Barrier(len(forms))

    def submit(form):
        client = Client(raise_request_exception=False)
        start.wait(timeout=30)
        try:
            return client.post(url, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(submit, forms))


@pytest.mark.guarantee("registrations")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", ["username", "email"])
def test_concurrent_registrations_create_one_account(field, record_property):
    spellings = ("robin", "ROBIN", "Robin", "rObin", "robiN")
    if field == "username":
        forms = [registration_data(username=spellings[n % 5], email=f"robin{n}@school.example") for n in range(50)]
    else:
        forms = [registration_data(username=f"robin{n}", email=f"{spellings[n % 5]}@school.example") for n in range(50)]

    responses = register_concurrently(STUDENT, forms)

    assert sorted(response.status_code for response in responses) == [200] * 49 + [302]
    assert [error_codes(response) for response in responses if response.status_code == 200] == [
        {field: ["unique"]}
    ] * 49
    assert User.objects.count() == 1
    record_property("figure", f"50 at once with one {field}: 1 account, 49 form errors")
    assert only_log_entry()[2] == ADDITION


@pytest.mark.django_db(transaction=True)
def test_last_use_of_invitation_approves_one_of_concurrent_registrations():
    invitation = Invitation.objects.create(max_uses=1)
    forms = [
        registration_data(username=f"robin{n}", email=f"robin{n}@school.example", invitation=invitation.code)
        for n in range(10)
    ]

    responses = register_concurrently(TEACHER, forms)

    assert sorted(response.status_code for response in responses) == [200] * 9 + [302]
    invitation.refresh_from_db()
    assert (invitation.uses, User.objects.count()) == (1, 1)
    assert User.objects.get().is_teacher


@pytest.mark.parametrize(
    ("values", "field"), [({"username": "ROBIN"}, "username"), ({"email": "robin@school.example"}, "email")]
)
@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_value_taken_after_validation_is_a_form_error(client, db, monkeypatch, factory, values, field):
    """Another user takes the value after the form has checked it."""
    from accounts import actions

    register = actions.register_user

    def register_after_other(user, code):
        factory(**{"username": "other", "email": "other@school.example"} | values)
        return register(user, code)

    monkeypatch.setattr(actions, "register_user", register_after_other)

    response = client.post(STUDENT, registration_data())

    assert error_codes(response) == {field: ["unique"]}
    assert Page(response).field_error(field)
