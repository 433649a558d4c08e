"""Invitation codes."""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class InvitationQuerySet(models.QuerySet):
    """Invitation codes, in the words that registration uses."""

    def usable(self):
        """Those that still admit somebody."""
        return self.filter(uses__lt=models.F("max_uses")).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        )

    def by_code(self, code):
        """The invitation with this code, however it was typed."""
        return self.filter(code=normal_code(code))


def new_code():
    """Return a random code of 12 letters and digits that cannot be mistaken for each other (60 bits)."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _place in range(12))


def normal_code(code):
    """Return a typed code in the form in which it is stored."""
    return "".join(code.upper().split()).replace("-", "")


class Invitation(models.Model):
    """A code with which a teacher registers and is approved at once."""

    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code, editable=False)
    note = models.CharField(_("note"), max_length=100, blank=True, help_text=_("For whom it is; only seen here."))
    max_uses = models.PositiveIntegerField(_("how many may use it"), default=1)
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return self.note or f"{self.code[:4]}…"
