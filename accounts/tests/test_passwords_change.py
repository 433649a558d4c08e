"""Changing the password."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client

from accounts.models import Session
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry

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


def change_password(person, client):
    response = client.post(
        "/account/password/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}, follow=True
    )
    assert "Your password has been changed" in Page(response).text()


def test_changing_ones_password_ends_the_other_sessions_and_keeps_this_one(student, classmate):
    one, two, bystander = signed_in(student), signed_in(student, SAFARI), signed_in(classmate)
    before = one.session.session_key

    change_password(student, one)

    assert [is_in(one), is_in(two), is_in(bystander)] == [True, False, True]
    assert one.session.session_key != before
    assert Session.objects.filter(user=student).count() == 1
    student.refresh_from_db()
    assert student.check_password(NEW)
    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["password"], "")


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong horse staple", NEW, NEW, "old_password"),
        (PASSWORD, NEW, NEW.upper(), "new_password2"),
        (PASSWORD, "short", "short", "new_password2"),
        (PASSWORD, "password123", "password123", "new_password2"),
        (PASSWORD, "x" * 129, "x" * 129, "new_password1"),
        ("", "", "", "old_password"),
    ],
)
def test_a_refused_password_change_changes_nothing(student, old, new, again, field):
    one, two = signed_in(student), signed_in(student, SAFARI)

    response = one.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": again})

    page = Page(response)
    assert page.error_beside(field)
    assert page.error_beside(field) in page.error_summary()[0]
    assert not any(text in response.content.decode() for text in (old, new, again) if len(text) > 5)
    assert [is_in(one), is_in(two)] == [True, True]
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()
