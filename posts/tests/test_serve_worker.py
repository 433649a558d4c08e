"""The worker that `serve` and `runserver` start."""

import os
import signal
import time

import pytest
from django.core.mail import send_mail

from accounts.models import Job
from accounts.tests.smtp import mail_server
from posts.tests.live_server import DevelopmentServer, ProductionServer
from posts.tests.processes import command_of, worker_processes
from posts.tests.support import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def worker_of(server):
    """Wait for the worker of a server and return its id."""
    deadline = time.monotonic() + 20
    while True:
        if workers := worker_processes(server):
            (worker,) = workers
            return worker
        assert time.monotonic() < deadline, "no worker"
        time.sleep(0.02)


def test_worker_sends_emails_and_ends_before_the_server(settings):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"
    send_mail("Hello", "", None, ["sam@school.example"])

    with mail_server() as mail, ProductionServer("--workers", "1", EMAIL_URL=f"smtp://127.0.0.1:{mail.port}") as server:
        mail.wait_for(1)
        wait_until(lambda: Job.objects.count() == len(settings.JOBS))
        worker = worker_of(server)

        # As systemd does with KillMode=mixed: the signal is sent to the main process only.
        assert server.stop(signal.SIGTERM) < 5
        assert command_of(worker) == b""


def test_killed_worker_is_started_again_and_ends_with_the_killed_server(record_property):
    with ProductionServer("--workers", "1") as server:
        first = worker_of(server)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not command_of(first))
        second = worker_of(server)
        assert second != first

        server.process.kill()
        seconds = wait_until(lambda: not command_of(second))

    record_property("figure", f"worker ended after {seconds:.1f} s")
    assert seconds < 2
    assert "The worker ended with status -9. It starts again in 2 s." in server.read_output()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("options", [("--noreload",), ()], ids=["noreload", "reloader"])
def test_development_server_has_one_worker(options, number):
    with DevelopmentServer("manage.py", "runserver", *options) as server:
        worker = worker_of(server)

        os.killpg(server.process.pid, number)
        seconds = wait_until(lambda: not command_of(worker))

    assert seconds < 2


def test_no_worker_leaves_it_to_another_unit():
    with DevelopmentServer("manage.py", "runserver", "--no-worker", "--noreload") as server:
        assert worker_processes(server) == []
