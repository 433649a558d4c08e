"""Resetting the password by email."""

import statistics
import time
from operator import truediv

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Throttle
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, only_log_entry, without_csrf_tokens
from accounts.tests.passwords import open_reset_link, request_reset, reset_path


@pytest.mark.parametrize("email", ["sam@school.example", "SAM@School.Example", " Sam@school.example "])
def test_reset_link_is_sent_to_stored_address(student, classmate, email):
    request_reset(email)

    (message,) = mail.outbox
    assert message.to == ["sam@school.example"]
    assert message.subject == "Homeroom: reset your password"
    assert "sam" in message.body
    assert "kim" not in message.body


@pytest.mark.parametrize(
    "email", ["nobody@school.example", "gone@school.example", "sam@school.example.org", "sam@xn--schol-jua.example"]
)
def test_reset_response_does_not_reveal_accounts(student, deactivated, email):
    known = request_reset("sam@school.example")
    mail.outbox.clear()

    unknown = request_reset(email)

    assert mail.outbox == []
    assert unknown.redirect_chain == known.redirect_chain == [("/password-reset/sent/", 302)]
    assert without_csrf_tokens(unknown) == without_csrf_tokens(known)


@pytest.mark.guarantee("same-time")
def test_reset_takes_the_same_time_for_known_and_unknown_addresses(student, record_property):
    seconds = {"sam@school.example": [], "nobody@school.example": []}
    client, numbers = Client(), set()

    for number in range(100):
        Throttle.objects.all().delete()
        for email in sorted(seconds, reverse=number % 2):
            with CaptureQueriesContext(connection) as queries:
                # CPU time, because other processes disturb the measurement.
                start = time.thread_time()
                assert client.post("/password-reset/", {"email": email}).status_code == 302
                seconds[email].append(time.thread_time() - start)
            numbers.add(len(queries))

    known, unknown = map(statistics.median, seconds.values())
    record_property("figure", f"CPU time: known address {known * 1000:.2f} ms, unknown address {unknown * 1000:.2f} ms")
    assert len(numbers) == 1
    assert 0.9 < statistics.median(map(truediv, *seconds.values())) < 1.1


def test_email_that_is_older_than_its_link_is_not_sent(student, settings):
    settings.PASSWORD_RESET_TIMEOUT = 0

    request_reset("sam@school.example")

    assert mail.outbox == []


@pytest.mark.parametrize(
    "email",
    ["", "sam", "sám@school.example", "sam@", "a\0b@c.de", "x" * 300 + "@school.example", "a@b.c\r\nBcc: d@e.fg"],
)
def test_invalid_email_address_is_rejected(student, email):
    response = request_reset(email)

    assert mail.outbox == []
    assert Page(response).field_error("email")


def test_reset_link_sets_new_password(student):
    request_reset("sam@school.example")

    client, response, form = open_reset_link(reset_path())
    done = client.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}, follow=True)

    assert "Choose a new password" in Page(response).text()
    assert done.redirect_chain == [("/password-reset/done/", 302)]
    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)
    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["password"], "")
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("password1", "password2", "field"),
    [
        ("short", "short", "new_password1"),
        ("short", "other", "new_password1"),
        (NEW_PASSWORD, "x", "new_password2"),
        ("x" * 129, "x" * 129, "new_password1"),
        ("", "", "new_password1"),
    ],
)
def test_invalid_new_password_is_rejected(student, password1, password2, field):
    request_reset("sam@school.example")
    client, _response, form = open_reset_link(reset_path())

    response = client.post(form, {"new_password1": password1, "new_password2": password2})

    page = Page(response)
    assert page.field_error(field)
    assert page.field_error(field) in page.error_summary()[0]
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()


def test_signed_in_user_can_reset_password_and_is_signed_out(client_for, student):
    client = client_for(student)
    request_reset(student.email)

    _client, _response, url = open_reset_link(reset_path(), client)
    data = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    response = client.post(url, data)

    student.refresh_from_db()
    assert response.status_code == 302
    assert student.check_password(NEW_PASSWORD)
    assert client.get("/home/").url.startswith("/login/")
