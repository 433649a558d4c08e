"""Emails wait in the outbox."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.utils import CachedDnsName
from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.models import QueuedEmail
from accounts.tests.outbox import send_emails
from config.transactions import writing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"


def test_email_is_sent_once_and_as_it_was_queued(mailoutbox):
    EmailMultiAlternatives(
        gettext_lazy("Sign in"),
        "Hello Zoë",
        "School <homeroom@school.example>",
        ["zoe@school.example"],
        cc=["kim@school.example"],
        bcc=["log@school.example"],
        reply_to=["office@school.example"],
        headers={"X-School": "1"},
        alternatives=[("<b>Hello Zoë</b>", "text/html")],
    ).send()
    assert mailoutbox == []

    send_emails()
    send_emails()

    (message,) = mailoutbox
    assert (message.subject, message.body) == ("Sign in", "Hello Zoë")
    assert message.from_email == "School <homeroom@school.example>"
    assert message.recipients() == ["zoe@school.example", "kim@school.example", "log@school.example"]
    assert message.reply_to == ["office@school.example"]
    assert message.extra_headers["X-School"] == "1"
    assert message.alternatives == [("<b>Hello Zoë</b>", "text/html")]
    assert not QueuedEmail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_email_is_queued_in_the_transaction_of_its_caller(mailoutbox):
    for name, is_saved in {"sam": False, "kim": True}.items():
        with writing():
            send_mail("Hello", "", None, [f"{name}@school.example"])
            transaction.set_rollback(not is_saved)

    send_emails()

    assert [message.to for message in mailoutbox] == [["kim@school.example"]]


def test_invalid_email_is_refused_before_it_is_queued():
    html = EmailMessage("Hello", "<b>Hello</b>", to=["sam@school.example"])
    html.content_subtype = "html"
    attachment = EmailMessage("Hello", to=["sam@school.example"], attachments=[("a.txt", "text", "text/plain")])

    for message in (html, attachment):
        with pytest.raises(ValueError, match="not attachments"):
            message.send()
    with pytest.raises(BadHeaderError):
        send_mail("Hello\nBcc: all@school.example", "", None, ["sam@school.example"])
    assert not QueuedEmail.objects.exists()


def test_queueing_an_email_sends_no_dns_query(monkeypatch):
    def fail():
        raise AssertionError("DNS query")

    monkeypatch.setattr("socket.getfqdn", fail)
    monkeypatch.setattr("django.core.mail.message.DNS_NAME", CachedDnsName())  # without the name that it remembers

    send_mail("Hello", "", None, ["sam@school.example"])

    email = QueuedEmail.objects.get()
    assert email.content["headers"] == {"Message-ID": email.message_id}


def test_admin_does_not_show_emails():
    assert not admin.site.is_registered(QueuedEmail)
    assert not Permission.objects.filter(content_type__model="queuedemail").exists()
