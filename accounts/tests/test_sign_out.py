"""Signing out."""

import pytest
from django.test import Client

from accounts.models import Session
from accounts.tests.helpers import is_signed_in


@pytest.mark.parametrize(
    ("user", "login"),
    [
        ("student", "/login/student/"),
        ("teacher", "/login/teacher/"),
        ("pending_teacher", "/login/teacher/"),
        ("admin", "/login/"),
        (None, "/login/"),
        ("deactivated", "/login/"),
    ],
)
def test_sign_out_redirects_to_login_page_of_role(client_for, db, request, user, login):
    client = client_for(request.getfixturevalue(user) if user else None)

    response = client.post("/logout/")

    assert response.headers["Location"] == login
    assert not is_signed_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_sign_out_rejects_get(client_for, student):
    client = client_for(student)

    response = client.get("/logout/")

    assert response.status_code == 405
    assert is_signed_in(client)


def test_sign_out_requires_csrf_token(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)

    assert client.post("/logout/").status_code == 403
    assert is_signed_in(client)
