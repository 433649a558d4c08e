"""Periodic jobs: the management commands of the setting JOBS, which `manage.py worker` runs.

A worker claims a job for CLAIM and renews the claim while the job runs. If the worker is killed, the job is due again
when the claim ends, so jobs must be safe to run twice.
"""

import logging
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import Job
from config.transactions import operation

CLAIM = timedelta(minutes=5)
RENEWAL_SECONDS = 60

logger = logging.getLogger(__name__)


def run_due_jobs(stopping: threading.Event) -> None:
    """Run the jobs that are due, one after the other, until `stopping` is set. A job that fails is due after CLAIM."""
    for name, interval in settings.JOBS.items():
        job, _created = Job.objects.get_or_create(name=name)
        if stopping.is_set() or not _is_due(job, interval) or not _postpone(job, CLAIM):
            continue
        try:
            with _renewed(job):
                call_command(name)
        except Exception as error:
            # The message of the error may contain personal data. To see it, run the command.
            logger.error("The job %s failed: %s", name, type(error).__name__)
        else:
            _postpone(job, interval)


def _is_due(job, interval):
    """Return whether a job is due, also if its time is too late because the clock has been set back."""
    return not timezone.now() < job.due_at <= timezone.now() + max(interval, CLAIM)


@operation
def _postpone(job, delay):
    """Set the time at which a job is due, and return whether no other worker has changed it since it was read."""
    due_at = timezone.now() + delay
    is_postponed = bool(Job.objects.filter(pk=job.pk, due_at=job.due_at).update(due_at=due_at))
    job.due_at = due_at
    return is_postponed


@contextmanager
def _renewed(job):
    """Renew the claim of a job until the block ends."""
    done = threading.Event()

    def renew():
        while not done.wait(RENEWAL_SECONDS):
            with suppress(DatabaseError):
                _postpone(job, CLAIM)
        connection.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
