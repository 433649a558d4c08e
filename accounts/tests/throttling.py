"""Helpers for tests of throttling."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Throttle
from accounts.models.throttle import LIMITS
from accounts.tests.helpers import sign_in

WRONG = "wrong horse staple"


def fail(client, username, number=5, **extra):
    """Fail to sign in `number` times, and return the statuses."""
    return [sign_in(client, username, WRONG, **extra).status_code for _number in range(number)]


def wait(kind=None, **period):
    """Pretend that a time has passed, by default more than every period."""
    rows = Throttle.objects.filter(**{"kind": kind} if kind else {})
    for row in rows:
        row.ends_at -= timedelta(**period or {"days": 2})
        row.save()


def exhaust(counter, left=0):
    """Leave `left` attempts of `counter`."""
    counter.attempts = LIMITS[counter.kind].attempts - left
    counter.ends_at = timezone.now() + LIMITS[counter.kind].period
    counter.save()
