"""Periodic jobs."""

import threading
from datetime import timedelta

import pytest
from django.core.management import BaseCommand, get_commands
from django.utils import timezone

from accounts import jobs
from accounts.models import Job
from posts.tests.support import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


class Report(BaseCommand):
    """A command that counts its calls and then calls `action`."""

    calls = 0

    def handle(self, **options):
        self.calls += 1
        self.action()

    def action(self):
        pass


@pytest.fixture
def report(settings, monkeypatch):
    """A command that runs every day."""
    report = Report()
    monkeypatch.setitem(get_commands(), "report", report)
    settings.JOBS = {"report": timedelta(days=1)}
    return report


def run_jobs(_index=0):
    jobs.run_due_jobs(threading.Event())


def minutes_until_due():
    return round((Job.objects.get().due_at - timezone.now()).total_seconds() / 60)


def test_job_runs_once_in_each_interval_for_all_workers(report):
    outcomes = run_concurrently(5, run_jobs)

    assert outcomes == [None] * 5
    assert (report.calls, minutes_until_due()) == (1, 24 * 60)
    Job.objects.update(due_at=timezone.now())
    run_jobs()
    assert report.calls == 2


def test_job_runs_after_the_clock_has_been_set_back(report):
    Job.objects.create(name="report", due_at=timezone.now() + timedelta(days=365))

    run_jobs()

    assert (report.calls, minutes_until_due()) == (1, 24 * 60)


def test_failed_job_is_logged_and_runs_again_after_five_minutes(report, caplog):
    report.action = lambda: int("sam@school.example")

    run_jobs()

    assert [record.getMessage() for record in caplog.records] == ["The job report failed: ValueError"]
    assert minutes_until_due() == 5


def test_job_of_a_killed_worker_runs_again_after_five_minutes(report):
    def kill():
        raise SystemExit

    report.action = kill
    with pytest.raises(SystemExit):
        run_jobs()

    assert minutes_until_due() == 5


def test_claim_is_renewed_while_the_job_runs(report, monkeypatch):
    monkeypatch.setattr(jobs, "RENEWAL_SECONDS", 0.05)
    renewals = []

    def wait_for_renewals():
        while len(renewals) < 3:
            due_at = Job.objects.get().due_at
            if due_at not in renewals:
                renewals.append(due_at)
        run_jobs()  # another worker

    report.action = wait_for_renewals

    run_jobs()

    assert renewals == sorted(renewals)
    assert (report.calls, minutes_until_due()) == (1, 24 * 60)
