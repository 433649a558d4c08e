"""Sessions."""

from typing import Self

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class SessionQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Return sessions that have not expired, the newest first."""
        return self.filter(expire_date__gt=timezone.now()).order_by("-started_at")


class Session(AbstractBaseSession):
    """A session. The session of a visitor, created to store a message for example, has no user."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("user"))
    user_agent = models.CharField(_("device"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("signed in"), default=timezone.now)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    @classmethod
    def get_session_store_class(cls):
        from accounts.sessions import SessionStore

        return SessionStore
