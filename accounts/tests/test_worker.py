"""Worker processes."""

import time

import pytest
from django.core.mail import send_mail

from accounts.models import QueuedEmail
from accounts.tests.smtp import mail_server
from accounts.tests.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"
    with mail_server() as server:
        yield server


def queue(number):
    for index in range(number):
        send_mail(f"Email {index}", "", None, ["sam@school.example"])


def wait_until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition is not met"
        time.sleep(0.02)


def test_two_workers_send_each_email_once(server):
    queue(100)

    with Worker(server.port), Worker(server.port):
        wait_until(lambda: not QueuedEmail.objects.exists())

    assert server.connections >= 2
    assert sorted(message["Subject"] for message in server.emails) == sorted(f"Email {index}" for index in range(100))


def test_worker_completes_the_email_that_it_is_sending_and_stops(server):
    queue(20)
    server.delay = 0.1
    with Worker(server.port) as worker:
        wait_until(lambda: QueuedEmail.objects.filter(attempts=1).exists())

        seconds, log = worker.stop()

    assert seconds < 2
    assert (worker.process.returncode, log) == (0, "")
    assert QueuedEmail.objects.filter(attempts=0).count() == 20 - len(server.emails) == QueuedEmail.objects.count()


def test_worker_stops_although_the_mail_server_hangs(server):
    queue(1)
    server.responding.clear()
    with Worker(server.port) as worker:
        wait_until(lambda: server.connections)

        seconds, log = worker.stop()

    assert seconds < 2
    assert (worker.process.returncode, log) == (0, "")


def test_worker_recovers_from_an_outage_of_the_mail_server_and_logs_it_once(server):
    queue(2)
    server.server_close()
    with Worker(server.port) as worker:
        line = worker.process.stderr.readline()
        with mail_server(server.port) as restarted:
            restarted.wait_for(2)
        _seconds, log = worker.stop()

    assert line.endswith("Sending emails failed, and is tried again: ConnectionRefusedError 111\n")
    assert log == ""
