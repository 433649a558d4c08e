"""Memberships."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models.room import Room


class Membership(models.Model):
    """The state of a user in a room: member, join request, declined or removed.

    Every user has a membership in the common room, and every owner has one in each of their rooms.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("requested to join")
        MEMBER = "member", _("member")
        DECLINED = "declined", _("declined")
        REMOVED = "removed", _("removed")

    class Notify(models.TextChoices):
        MENTIONS = "mentions", _("mentions and replies")
        NOTHING = "nothing", _("none")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
        limit_choices_to={"is_active": True},
    )
    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships", verbose_name=_("room"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MEMBER)
    last_read = models.PositiveBigIntegerField(_("last post read"), default=0, editable=False)
    notify = models.CharField(_("notifications"), max_length=10, choices=Notify, default=Notify.MENTIONS)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "room"], name="one_membership_per_person_and_room"),
            models.CheckConstraint(
                name="membership_state_is_known",
                condition=Q(state__in=["applied", "member", "declined", "removed"]),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.room}"
