"""Emails about sign-ins from unknown browsers."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import QueuedEmail
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import registration_data, sign_in
from accounts.tests.sessions import FIREFOX, signed_in_client
from accounts.tests.throttling import fail, wait


@pytest.fixture
def user(student):
    """A student who has signed in before."""
    student.last_login = timezone.now()
    student.save()
    return student


def test_email_contains_device_time_and_what_to_do(user, settings):
    settings.TIME_ZONE, settings.SITE_URL = "Asia/Kolkata", "https://homeroom.school.example:8443"
    with timezone.override("Asia/Kolkata"):
        signed_in_client(user, FIREFOX)

    (email,) = mail.outbox
    assert (email.to, email.subject) == (["sam@school.example"], "Homeroom: new sign-in to your account")
    for text in ("Hello sam,", "Firefox on Windows", "(IST)"):
        assert text in email.body
    for path in ("/account/password/", "/password-reset/"):
        assert f"\nhttps://homeroom.school.example:8443{path}\n" in email.body


@pytest.mark.parametrize("user_agent", ["", "<b>x</b>\r\nBcc: evil@x.example", "y" * 5000])
def test_email_contains_no_text_of_the_browser(user, user_agent):
    Client().post("/login/", {"username": "sam", "password": PASSWORD}, headers={"User-Agent": user_agent})

    assert "Unknown device" in mail.outbox[0].body
    assert not user_agent or user_agent not in mail.outbox[0].body


def test_first_sign_in_after_registration_sends_no_email(client, db):
    client.post("/register/student/", registration_data())

    sign_in(client, "robin")

    assert mail.outbox == []


def test_known_browser_and_failed_sign_in_send_no_email(client, user):
    sign_in(client, "sam")
    client.post("/logout/")
    wait()
    mail.outbox.clear()

    sign_in(client, "sam")
    fail(Client(), "sam", 1)

    assert mail.outbox == []


def test_one_email_is_sent_each_day(user):
    numbers = []
    for hours in (23, 2, 0):
        sign_in(Client(), "sam")
        numbers.append(len(mail.outbox))
        wait(hours=hours)

    assert numbers == [1, 1, 2]


def test_shared_device_is_unknown_each_time(client, user):
    for number in (1, 2):
        sign_in(client, "sam", shared_device="on")
        client.post("/logout/")
        assert len(mail.outbox) == number
        wait()


def test_email_is_queued_in_the_transaction_of_the_sign_in(user, settings):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"

    sign_in(Client(), "sam")

    assert QueuedEmail.objects.count() == 1
    assert mail.outbox == []
