"""The emails of the outbox are sent, postponed or dropped."""

import socket
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, send_mail
from django.utils import timezone

from accounts.models import QueuedEmail
from accounts.outbox import queue_function
from accounts.tests.outbox import send_emails
from accounts.tests.smtp import mail_server

pytestmark = pytest.mark.django_db


def hello(to):
    """Return an email. For "killed", end the process while it sends the email."""
    if to == "killed":
        raise SystemExit
    return EmailMessage("Hello", to=[to])


@pytest.fixture
def server(settings):
    """A mail server to which the outbox sends."""
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"
    settings.OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_FUNCTIONS = {"hello": f"{__name__}.hello"}
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        yield server


def queue(*names):
    for name in names:
        send_mail("Hello", "", None, [f"{name}@school.example"])


def pass_time(**delta):
    """Change all times of the queue, as if this time had passed."""
    for queued in QueuedEmail.objects.all():
        times = {name: getattr(queued, name) - timedelta(**delta) for name in ("queued_at", "send_at", "expires_at")}
        QueuedEmail.objects.filter(pk=queued.pk).update(**times)


def test_emails_are_sent_over_one_connection_with_their_message_ids(server):
    queue("sam", "kim")
    expected = {email.message_id for email in QueuedEmail.objects.all()}

    send_emails()
    send_emails()

    assert server.connections == 1
    assert {message["Message-ID"] for message in server.emails} == expected


def test_bulk_emails_are_sent_after_single_emails(server):
    queue_function("hello", {"to": "all@school.example"}, bulk=True)
    queue("sam")

    send_emails()

    assert server.recipients == ["sam@school.example", "all@school.example"]


def test_refused_address_postpones_only_its_own_email(server, caplog):
    server.refused = {"gone@school.example"}
    queue("gone", "sam")

    send_emails()

    assert server.recipients == ["sam@school.example"]
    assert [record.getMessage() for record in caplog.records] == [
        "Attempt 1 to send an email failed: SMTPRecipientsRefused 550"
    ]


def test_delay_between_attempts_doubles_to_an_hour_for_three_days(server):
    server.refused = {"gone@school.example"}
    queue("gone")
    message_id, delays = QueuedEmail.objects.get().message_id, []

    while QueuedEmail.objects.due().exists():
        send_emails()
        email = QueuedEmail.objects.get()
        delays.append(round((email.send_at - timezone.now()).total_seconds()))
        pass_time(seconds=delays[-1])

    assert delays[:9] == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert 71 <= sum(delays) / 3600 <= 73
    assert email.message_id == message_id


def test_email_is_sent_after_the_clock_has_been_set_back(server):
    queue("sam")
    pass_time(minutes=-59)
    send_emails()
    assert server.recipients == []
    pass_time(minutes=-2)

    send_emails()

    assert server.recipients == ["sam@school.example"]


def test_expired_email_is_not_sent(server):
    queue("sam")
    pass_time(days=3)

    send_emails()

    assert server.connections == 0


@pytest.mark.parametrize("fault", ["refuses connections", "hangs"])
def test_unreachable_server_stops_the_round_before_any_attempt(server, settings, fault):
    queue("sam", "kim")
    if fault == "hangs":
        server.responding.clear()
    else:
        with socket.create_server(("127.0.0.1", 0)) as unused:
            settings.EMAIL_PORT = unused.getsockname()[1]

    with pytest.raises(OSError, match=r"timed out|refused"):
        send_emails()
    assert not QueuedEmail.objects.filter(attempts__gt=0).exists()

    settings.EMAIL_PORT = server.port
    server.responding.set()
    send_emails()
    assert server.recipients == ["sam@school.example", "kim@school.example"]


def test_server_that_stops_responding_in_a_round_postpones_one_email(server):
    queue("sam", "kim", "olu")
    server.hangs_after = 2

    with pytest.raises(OSError, match="timed out"):
        send_emails()

    assert server.recipients == ["sam@school.example", "kim@school.example"]
    assert sorted(QueuedEmail.objects.values_list("attempts", flat=True)) == [0, 1]
    server.responding.set()
    pass_time(seconds=30)
    send_emails()
    # The server accepted the second email but did not confirm it.
    assert server.recipients[2:] == ["olu@school.example", "kim@school.example"]
    assert server.emails[1]["Message-ID"] == server.emails[3]["Message-ID"]


def test_email_of_a_killed_worker_is_due_again_after_five_minutes(server):
    queue_function("hello", {"to": "killed"})
    with pytest.raises(SystemExit):
        send_emails()

    assert not QueuedEmail.objects.due().exists()
    pass_time(minutes=5)
    assert QueuedEmail.objects.due().exists()
