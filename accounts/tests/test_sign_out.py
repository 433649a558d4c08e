"""Signing out."""

import pytest
from django.test import Client

from accounts.models import Session


def is_in(client):
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("who", "login"),
    [
        ("student", "/login/student/"), ("teacher", "/login/teacher/"), ("waiting_teacher", "/login/teacher/"),
        ("admin", "/login/"), (None, "/login/"), ("deactivated", "/login/"),
    ],
)  # fmt: skip
def test_signing_out_goes_to_the_login_page_of_the_role_that_left(as_, db, request, who, login):
    client = as_(request.getfixturevalue(who) if who else None)

    response = client.post("/logout/")

    assert response.headers["Location"] == login
    assert not is_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_signing_out_is_never_a_get(as_, student):
    client = as_(student)

    response = client.get("/logout/")

    assert response.status_code == 405
    assert is_in(client)


def test_signing_out_needs_the_token(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)

    assert client.post("/logout/").status_code == 403
    assert is_in(client)
