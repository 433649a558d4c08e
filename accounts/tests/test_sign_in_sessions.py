"""Sessions and cookies of a sign-in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import sign_in


def test_remember_me_extends_session_to_thirty_days(client, student):
    response = sign_in(client, "sam", remember_me="on")

    assert response.cookies["sessionid"]["max-age"] == 30 * 24 * 60 * 60
    remaining = Session.objects.get(user=student).expire_date - timezone.now()
    assert round(remaining.total_seconds() / 3600) == 30 * 24


def test_session_without_remember_me_ends_with_browser(client, student):
    response = sign_in(client, "sam")

    assert response.cookies["sessionid"]["max-age"] == ""
    assert response.cookies["sessionid"]["expires"] == ""


def test_session_cookie_is_http_only_and_same_site(client, student):
    cookie = sign_in(client, "sam").cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.guarantee("sessions")
def test_sign_in_changes_session_key(client, student):
    client.session.save()
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client, "sam")

    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_sign_in_as_another_user_clears_session_data(client, student, classmate):
    client.force_login(classmate)
    session = client.session
    session["secret"] = "kim's"
    session.save()
    client.post("/logout/")

    sign_in(client, "sam")

    assert "secret" not in client.session


@pytest.mark.guarantee("no-store")
def test_page_of_signed_in_user_is_not_stored(client_for, student):
    assert client_for(student).get("/account/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("user_agent", ["", "x\0y", "x" * 9000, "\x1b[31m", "Mozilla \xff\xfe", "<script>"])
def test_any_user_agent_is_accepted(client, student, user_agent):
    response = client.post("/login/", {"username": "sam", "password": PASSWORD}, headers={"User-Agent": user_agent})

    assert response.status_code == 302
    stored = Session.objects.get(user=student).user_agent
    assert len(stored) <= 200
    assert not re.search(r"[\x00-\x1f]", stored)
    assert client.get("/account/sessions/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_sign_in_and_sign_out_write_in_transactions():
    student, client, outside_transaction = StudentFactory(), Client(), []

    def check_transaction(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not connection.in_atomic_block:
            outside_transaction.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(check_transaction):
        client.post("/login/", {"username": student.username, "password": PASSWORD})
        count = student.sessions.count()
        client.post("/logout/")

    assert (count, student.sessions.count()) == (1, 0)
    assert outside_transaction == []
