"""The queue of emails."""

import uuid
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

MAX_AGE = timedelta(days=3)  # of an email that cannot be sent
MAX_DELAY = 3600  # seconds between attempts


def default_expiry() -> datetime:
    """Return the time until which an email is sent that has no expiry of its own."""
    return timezone.now() + MAX_AGE


class QueuedEmailQuerySet(models.QuerySet):
    def due(self) -> Self:
        """Return the emails to send now: single emails before bulk emails, then the oldest first.

        If the clock has been set back, emails whose time is too late are due.
        """
        now = timezone.now()
        is_due = Q(send_at__lte=now) | Q(send_at__gt=now + timedelta(seconds=MAX_DELAY))
        return self.filter(is_due, expires_at__gt=now).order_by("bulk", "send_at")


class QueuedEmail(models.Model):
    """An email that has not been sent yet, as `accounts.outbox` queues it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A name in EMAIL_FUNCTIONS, or "" for a complete message.
    function = models.CharField(max_length=30, blank=True)
    # The arguments of the function, or the arguments of EmailMultiAlternatives.
    content = models.JSONField(encoder=DjangoJSONEncoder)
    queued_at = models.DateTimeField(default=timezone.now)
    send_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=default_expiry)
    attempts = models.PositiveSmallIntegerField(default=0)
    bulk = models.BooleanField(default=False)

    objects = QueuedEmailQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # emails contain links that give access to accounts
        indexes = [models.Index(fields=["bulk", "send_at"], name="email_queue")]

    def __str__(self):
        return self.message_id

    @property
    def message_id(self) -> str:
        """The Message-ID of every attempt to send this email, by which mail programs hide a repeated one."""
        return f"<{self.pk}@{urlsplit(settings.SITE_URL).hostname}>"
