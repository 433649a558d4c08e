"""Invitations for teachers."""

import re
import secrets
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from accounts.validators import validate_year

_IGNORED = re.compile("[\\s\u2010-\u2015\u2212-]")  # keyboards of phones replace hyphens by other dashes


class InvitationQuerySet(models.QuerySet):
    def usable(self) -> Self:
        """Return invitations that are neither used up nor expired."""
        return self.filter(uses__lt=models.F("max_uses")).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        )

    def with_code(self, code: str) -> Self:
        """Filter by a code as a user typed it."""
        return self.filter(code=normalize_code(code))


def new_code(length: int = 12) -> str:
    """Return a random code of letters and digits (5 bits each), without characters that look alike."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(length))


def normalize_code(code: str) -> str:
    """Return a typed code in its stored form: upper case, without whitespace or dashes."""
    return _IGNORED.sub("", code.upper())


class Invitation(models.Model):
    """A code that approves teachers when they register."""

    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code, editable=False)
    note = models.CharField(
        _("note"), max_length=100, blank=True, help_text=_("Who the code is for. Only administrators see this.")
    )
    max_uses = models.PositiveIntegerField(_("maximum uses"), default=1, validators=[MinValueValidator(1)])
    uses = models.PositiveIntegerField(_("times used"), default=0, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, validators=[validate_year])

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return self.note or f"{self.code[:4]}…"
