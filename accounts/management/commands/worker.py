"""Send queued emails and run periodic jobs."""

import argparse
import logging
import signal
import smtplib
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from accounts.jobs import run_due_jobs
from accounts.outbox import describe, send_due_emails
from config.server.database import send_keepalives
from config.server.processes import end_with_parent

ROUND_SECONDS = 2
MAX_PAUSE = 300  # seconds between rounds if the mail server refuses to talk
STOP_SECONDS = 1  # for the email that is being sent when the worker stops

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Work until SIGTERM or SIGINT. Several workers can run at the same time."""

    help = "Send queued emails and run the periodic jobs."

    def add_arguments(self, parser):
        # The id of the process of `serve` or `runserver` that started this one.
        parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)

    def handle(self, *, parent, **options):
        if parent:
            end_with_parent(parent)
        send_keepalives(settings.DATABASES["default"])
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *args: stopping.set())
        tasks = {"Sending emails": send_due_emails, "Running jobs": run_due_jobs}
        threads = [
            threading.Thread(target=_repeat, args=(task, function, stopping), daemon=True)
            for task, function in tasks.items()
        ]
        for thread in threads:
            thread.start()
        # `stopping.wait()` could deadlock with the signal handler.
        while not stopping.is_set():
            time.sleep(0.1)
        # A thread that continues is ended with the process: claims and transactions make this safe.
        threads[0].join(STOP_SECONDS)


def _repeat(task, function, stopping):
    """Call `function` every ROUND_SECONDS. Log an error once, until a round succeeds."""
    pause, problem = ROUND_SECONDS, ""
    while True:
        close_old_connections()
        try:
            function(stopping)
        except Exception as error:
            if problem != (problem := describe(error)):
                logger.error("%s failed, and is tried again: %s", task, problem)
            # A mail server may block a client that often signs in with a wrong password.
            pause = min(2 * pause, MAX_PAUSE) if isinstance(error, smtplib.SMTPException) else ROUND_SECONDS
        else:
            pause, problem = ROUND_SECONDS, ""
        if stopping.wait(pause):
            connections.close_all()
            return
