"""Killed workers, and mail servers that hang."""

import http.client
import random
import signal
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.utils import timezone

from accounts.models import QueuedEmail
from accounts.tests.smtp import mail_server
from accounts.tests.worker import Worker
from posts.tests.live import create_session
from posts.tests.live_server import Server

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KILLS, EMAILS = 20, 400


def end_claims():
    """Make the emails that killed workers have claimed due, as five minutes later."""
    QueuedEmail.objects.filter(attempts__gt=0).update(send_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.guarantee("mail")
def test_killed_workers_lose_no_email(settings, record_property):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"
    for index in range(EMAILS):
        send_mail(f"Email {index}", "", None, ["sam@school.example"])
    expected = {email.message_id for email in QueuedEmail.objects.all()}

    with mail_server() as server:
        for kill in range(KILLS):
            with Worker(server.port) as worker:
                server.wait_for(len(server.emails) + 5)
                time.sleep(random.uniform(0, 0.02))  # at any point of an attempt
                worker.stop(signal.SIGKILL)
            assert QueuedEmail.objects.exists(), f"all emails were sent before kill {kill}"
            end_claims()
        with Worker(server.port):
            while QueuedEmail.objects.exists():
                time.sleep(0.1)

    received = [message["Message-ID"] for message in server.emails]
    repeated = len(received) - len(set(received))
    record_property(
        "figure", f"{KILLS} kills, {EMAILS} emails: {len(expected - {*received})} lost, {repeated} repeated"
    )
    assert set(received) == expected
    assert repeated <= KILLS


def request_reset(server, email):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    token = "a" * 32
    fields = urllib.parse.urlencode({"email": email, "csrfmiddlewaretoken": token})
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    client.request("POST", "/password-reset/", fields, headers)
    status = client.getresponse().status
    client.close()
    return status


@pytest.mark.guarantee("mail")
@pytest.mark.parametrize("fault", ["hangs", "is slow"])
def test_mail_server_delays_no_user(student, classmate, common_room, fault, record_property):
    session = create_session(classmate)
    with mail_server() as mail:
        if fault == "hangs":
            mail.responding.clear()
        else:
            mail.delay = 1
        url = f"smtp://127.0.0.1:{mail.port}"
        with Server("manage.py", "serve", "--workers", "1", DEBUG="off", EMAIL_URL=url) as server:
            server.write(session, "The first requests of a process load its templates.")
            request_reset(server, "nobody@school.example")
            with ThreadPoolExecutor(4) as pool:
                resets = [pool.submit(request_reset, server, student.email) for _ in range(4)]
                start = time.monotonic()
                assert server.write(session, "while emails are requested") == 201
                seconds = time.monotonic() - start
                assert [reset.result() for reset in resets] == [302] * 4
                all_seconds = time.monotonic() - start
            mail.responding.set()
            mail.wait_for(1)

            assert server.stop() < 5

    record_property("figure", f"mail server {fault}: post {seconds:.2f} s, 4 password resets {all_seconds:.2f} s")
    assert all_seconds < 1
