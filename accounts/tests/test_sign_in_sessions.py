"""Sessions and cookies of a sign-in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from accounts.tests.factories import PASSWORD, StudentFactory


def sign_in(client, username, password=PASSWORD, address="/login/", **more):
    return client.post(address, {"username": username, "password": password, **more})


def test_remember_me_keeps_the_session_thirty_days(client, student):
    response = sign_in(client, "sam", remember_me="on")

    assert response.cookies["sessionid"]["max-age"] == 30 * 24 * 60 * 60
    remaining = Session.objects.get(user=student).expire_date - timezone.now()
    assert round(remaining.total_seconds() / 3600) == 30 * 24


def test_without_remember_me_the_session_ends_with_the_browser(client, student):
    response = sign_in(client, "sam")

    assert response.cookies["sessionid"]["max-age"] == ""
    assert response.cookies["sessionid"]["expires"] == ""


def test_the_session_cookie_is_out_of_the_reach_of_scripts_and_other_sites(client, student):
    cookie = sign_in(client, "sam").cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_gives_a_new_session_id(client, student):
    client.session.save()
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client, "sam")

    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_signing_in_as_another_leaves_nothing_of_the_first(client, student, classmate):
    client.force_login(classmate)
    session = client.session
    session["secret"] = "kim's"
    session.save()
    client.post("/logout/")

    sign_in(client, "sam")

    assert "secret" not in client.session


def test_a_signed_in_page_is_kept_nowhere(as_, student):
    assert as_(student).get("/account/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("agent", ["", "x\0y", "x" * 9000, "\x1b[31m", "Mozilla \xff\xfe", "<script>"])
def test_a_device_may_call_itself_anything(client, student, agent):
    response = client.post("/login/", {"username": "sam", "password": PASSWORD}, headers={"User-Agent": agent})

    assert response.status_code == 302
    stored = Session.objects.get(user=student).user_agent
    assert len(stored) <= 200
    assert not re.search(r"[\x00-\x1f]", stored)
    assert client.get("/account/sessions/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_coming_and_going_write_in_transactions_which_wait_in_line_on_sqlite():
    student, client, outside = StudentFactory(), Client(), []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not connection.in_atomic_block:
            outside.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        client.post("/login/", {"username": student.username, "password": PASSWORD})
        was_in = student.sessions.count()
        client.post("/logout/")

    assert (was_in, student.sessions.count()) == (1, 0)
    assert outside == []
