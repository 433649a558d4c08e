"""Throttling of forms that can be attacked by guessing.

A form reserves an attempt before it reveals anything, above all before a password is hashed, and refunds it on success.
Attempts that are checked at the same time therefore count as failures until they succeed:

    attempt = reserve(counter(Kind.PASSWORD, user.pk))
    if user.check_password(password):
        attempt.refund()

Each counter is a row, which is locked while it is changed. `LIMITS` in `accounts.models.throttle` contains the figures.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.browsers import find_browser
from accounts.models import User
from accounts.models.throttle import LIMITS, Kind, Throttle
from config.refusals import Throttled
from config.server.clients import network
from config.transactions import lock, operation

SILENT = (Kind.SIGN_IN, Kind.BROWSER)  # counters of accounts: a refusal would reveal which names belong together


@dataclass(frozen=True)
class Attempt:
    """A reserved attempt. `keys` are the keys of its counters.

    If it `must_fail`, answer as to a wrong password.
    """

    keys: list[str]
    must_fail: bool = False

    @operation
    def refund(self) -> None:
        """Do not count the attempt, because it succeeded or guessed nothing."""
        counters = Throttle.objects.filter(pk__in=self.keys, attempts__gt=0)
        keys = list(lock(counters).values_list("pk", flat=True))
        Throttle.objects.filter(pk__in=keys).update(attempts=F("attempts") - 1)


def counter(kind: Kind, *subject: str | int, username: str = "", address: str = "") -> Throttle:
    """Return the unsaved counter of `kind` for `subject`. Administrators see the username and the address."""
    text = "\0".join([kind, *map(str, subject)])
    key = salted_hmac("accounts.throttling", text, algorithm="sha256").hexdigest()
    ends_at = timezone.now() + LIMITS[kind].period
    return Throttle(key=key, kind=kind, ends_at=ends_at, username=username, address=address)


def address_counter(request: HttpRequest) -> Throttle:
    """Return the counter of all attempts from the address of a request."""
    address = client_network(request)
    return counter(Kind.ADDRESS, address, address=address)


def sign_in_counters(request: HttpRequest, login: str, user: User | None) -> list[Throttle]:
    """Return the counters of a sign-in to `user`, or to no account, with the typed username or email address `login`.

    A browser from which the user has signed in before has counters of its own, which other browsers cannot exhaust.
    The refusal depends only on the typed text: it must not reveal which email address belongs to which username.
    """
    login = login.strip().lower()
    account = ["user", user.pk] if user else ["login", login]
    labels = {"username": user.username if user else "", "address": client_network(request)}
    if browser := find_browser(request, user):
        return [counter(Kind.LOGIN, login, browser, **labels), counter(Kind.BROWSER, *account, browser, **labels)]
    address = labels["address"]
    counters = [counter(Kind.LOGIN, login, address, **labels), counter(Kind.SIGN_IN, *account, address, **labels)]
    return [*counters, address_counter(request)]


def client_network(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or the /64 network of its IPv6 address, "" if it is not known."""
    return network(request.META.get("REMOTE_ADDR", ""))


def reserve(*counters: Throttle) -> Attempt:
    """Add an attempt to each of the counters. Raises Throttled if one of them has reached its limit.

    If it is one of SILENT, the attempt must fail instead.
    """
    # Without a lock, so that refused attempts do not delay writers.
    _check(Throttle.objects.filter(pk__in=[each.pk for each in counters]), timezone.now())
    return _reserve(sorted(counters, key=lambda each: each.pk))


@operation
def _reserve(counters):
    # Inserts the rows that do not exist, and locks the others.
    Throttle.objects.bulk_create(
        counters,
        update_conflicts=True,
        update_fields=["username", "address"],
        unique_fields=["key"] if connection.features.supports_update_conflicts_with_target else None,
    )
    rows = list(Throttle.objects.filter(pk__in=[each.pk for each in counters]))
    now = timezone.now()
    _check(rows, now)
    must_fail = any(row.is_blocked(now) for row in rows)
    for row in rows:
        if not row.is_current(now):
            row.attempts, row.ends_at = 0, now + LIMITS[row.kind].period
        row.attempts += 1
    Throttle.objects.bulk_update(rows, ["attempts", "ends_at"])
    return Attempt([row.pk for row in rows], must_fail)


def _check(rows, now):
    blocked = [row for row in rows if row.is_blocked(now) and row.kind not in SILENT]
    if blocked:
        raise Throttled(max(row.ends_at - now for row in blocked).total_seconds())
