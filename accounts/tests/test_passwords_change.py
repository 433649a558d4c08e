"""Changing the password."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import Session
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, is_signed_in, only_log_entry
from accounts.tests.sessions import SAFARI, signed_in_client


def change_password(client):
    response = client.post(
        "/account/password/",
        {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
        follow=True,
    )
    assert "Your password has been changed" in Page(response).text()


def test_password_change_ends_other_sessions_only(student, classmate):
    client, other_client, classmate_client = (
        signed_in_client(student),
        signed_in_client(student, SAFARI),
        signed_in_client(classmate),
    )
    before = client.session.session_key

    change_password(client)

    assert [is_signed_in(client), is_signed_in(other_client), is_signed_in(classmate_client)] == [True, False, True]
    assert client.session.session_key != before
    assert Session.objects.filter(user=student).count() == 1
    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)
    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["password"], "")


@pytest.mark.parametrize(
    ("old", "new", "repeated", "field"),
    [
        ("wrong horse staple", NEW_PASSWORD, NEW_PASSWORD, "old_password"),
        (PASSWORD, NEW_PASSWORD, NEW_PASSWORD.upper(), "new_password2"),
        (PASSWORD, "short", "short", "new_password1"),
        (PASSWORD, "password123", "password123", "new_password1"),
        (PASSWORD, "x" * 129, "x" * 129, "new_password1"),
        ("", "", "", "old_password"),
    ],
)
def test_invalid_password_change_has_no_effect(student, old, new, repeated, field):
    client, other_client = signed_in_client(student), signed_in_client(student, SAFARI)

    response = client.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": repeated})

    page = Page(response)
    assert page.field_error(field)
    assert page.field_error(field) in page.error_summary()[0]
    assert not any(text in response.content.decode() for text in (old, new, repeated) if len(text) > 5)
    assert [is_signed_in(client), is_signed_in(other_client)] == [True, True]
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()
