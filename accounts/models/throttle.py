"""Counters of attempts, which `accounts.throttling` uses."""

from datetime import timedelta
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Limit(NamedTuple):
    """The number of attempts in a period. The period starts with the first of them."""

    attempts: int
    period: timedelta


class Kind(models.TextChoices):
    """The attempts that a counter counts."""

    SIGN_IN = "sign_in", _("Sign-in to an account from an address")
    BROWSER = "browser", _("Sign-in to an account from one of its browsers")
    LOGIN = "login", _("Sign-in with a username or email address")
    ADDRESS = "address", _("All forms from an address")
    PASSWORD = "password", _("Password of a signed-in user")
    JOIN = "join", _("Join codes that a user enters")
    REACTION = "reaction", _("Reactions of a user")
    RESET = "reset", _("Password reset emails")
    ALERT = "alert", _("Emails about unknown browsers")


LIMITS = {
    Kind.SIGN_IN: Limit(5, timedelta(minutes=5)),
    Kind.BROWSER: Limit(5, timedelta(minutes=5)),
    Kind.LOGIN: Limit(5, timedelta(minutes=5)),
    Kind.ADDRESS: Limit(300, timedelta(minutes=10)),  # the address of a school
    Kind.PASSWORD: Limit(5, timedelta(minutes=5)),
    Kind.JOIN: Limit(5, timedelta(minutes=5)),
    Kind.REACTION: Limit(30, timedelta(minutes=1)),
    Kind.RESET: Limit(5, timedelta(hours=1)),  # the time for which each of the links is valid
    Kind.ALERT: Limit(1, timedelta(days=1)),
}
MAX_PERIOD = max(limit.period for limit in LIMITS.values())


class ThrottleQuerySet(models.QuerySet):
    def blocked(self) -> Self:
        """Return the counters that have reached their limit, so that users have to wait."""
        now, blocked = timezone.now(), Q()
        for kind, limit in LIMITS.items():
            # Users do not wait for alerts. The list shows the counter of an account, not the counters of its names.
            if kind in (Kind.ALERT, Kind.LOGIN):
                continue
            blocked |= Q(kind=kind, attempts__gte=limit.attempts, ends_at__lte=now + limit.period)
        return self.filter(blocked, ends_at__gt=now)

    def expired(self) -> Self:
        """Return the counters that have no effect any more."""
        now = timezone.now()
        return self.filter(Q(ends_at__lte=now) | Q(ends_at__gt=now + MAX_PERIOD))


class Throttle(models.Model):
    """The number of attempts with one key in the current period."""

    # A keyed hash, because users also type passwords into the field for the username.
    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(_("limit"), max_length=10, choices=Kind)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    # For administrators. The username is empty if the account does not exist. It is not a foreign key, which would wait
    # for operations that lock the user.
    username = models.CharField(_("username"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=50, blank=True)

    objects = ThrottleQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of attempts")
        verbose_name_plural = _("limits of attempts")

    def __str__(self):
        counted = self.username or self.address or gettext("unknown account")
        return f"{self.get_kind_display()}: {counted}"

    def is_current(self, now) -> bool:
        """Return whether the period has not ended. If the clock has been set back, a period that ends too late has."""
        return now < self.ends_at <= now + LIMITS[self.kind].period

    def is_blocked(self, now) -> bool:
        """Return whether the counter has reached its limit."""
        return self.is_current(now) and self.attempts >= LIMITS[self.kind].attempts
