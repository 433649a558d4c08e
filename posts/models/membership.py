"""Memberships."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import Concat, Lower, Trim
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from posts.models.room import Room


class MembershipQuerySet(models.QuerySet):
    def members(self) -> Self:
        return self.filter(state=Membership.State.MEMBER)

    def requests(self) -> Self:
        """Return the join requests of active users. Others cannot be accepted."""
        return self.filter(state=Membership.State.APPLIED, user__is_active=True)

    def of_active_users(self) -> Self:
        return self.filter(user__is_active=True)

    def count_by_state(self) -> dict[str, int]:
        """Return {state: number of active users}, without the states that no user has."""
        return dict(self.of_active_users().order_by().values_list("state").annotate(Count("pk")))

    def of_active_students(self) -> Self:
        return self.of_active_users().filter(user__role=Role.STUDENT)

    def with_created_accounts(self) -> Self:
        """Return active students whose accounts a class list of the room created, in the order of the list."""
        pupils = self.members().of_active_students().filter(created_account=True)
        return pupils.select_related("user").order_by("user")

    def never_signed_in(self) -> Self:
        return self.filter(user__last_login=None)

    def search(self, text: str) -> Self:
        """Return the memberships of the users that `UserQuerySet.search` returns."""
        return self.filter(user__in=User.objects.search(text)) if text else self

    def by_name(self, first: Collection[int] = ()) -> Self:
        """Return memberships with their users, the users `first` (ids) first, by the name that the site shows."""
        name = Lower(Trim(Concat("user__first_name", Value(" "), "user__last_name", Value(" "), "user__username")))
        # Without conditions, this would be a number, and PostgreSQL would order by the first column.
        groups = [Case(When(user__in=list(first), then=0), default=1)] if first else []
        return self.select_related("user").order_by(*groups, name)

    def oldest_first(self) -> Self:
        """Return memberships with their users, ordered by the time of the last change of their state."""
        return self.select_related("user").order_by("state_changed_at", "pk")


class Membership(models.Model):
    """The state of a user in a room: member, join request, declined, removed or left.

    Every user has a membership in the common room, and every owner has one in each of their rooms.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("requested to join")
        MEMBER = "member", _("member")
        DECLINED = "declined", _("declined")
        REMOVED = "removed", _("removed")
        LEFT = "left", _("left")

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
    state_changed_at = models.DateTimeField(_("state changed"), default=timezone.now, editable=False)
    # Owners of a room are its owner and its co-teachers, while they are approved teachers.
    is_co_teacher = models.BooleanField(_("co-teacher"), default=False, editable=False)
    # Whether an owner removed or declined the user. Until an owner adds them, a join code only makes a request.
    must_ask = models.BooleanField(default=False, editable=False)
    # Whether a class list of this room created the user's account. Owners can then reset its password.
    created_account = models.BooleanField(_("account created by class list"), default=False, editable=False)
    last_read = models.PositiveBigIntegerField(_("last post read"), default=0, editable=False)
    notify = models.CharField(_("notifications"), max_length=10, choices=Notify, default=Notify.MENTIONS)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "room"], name="one_membership_per_person_and_room"),
            models.CheckConstraint(
                name="membership_state_is_known",
                condition=Q(state__in=["applied", "member", "declined", "removed", "left"]),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.room}"

    @property
    def can_reset_password(self) -> bool:
        """Whether owners of the room can reset the user's password. Otherwise a join code would give them any account.

        The user must be an active student without an email address whose account a class list of this room created.
        """
        is_pupil = self.user.is_student and self.user.is_active and self.user.email is None
        return is_pupil and self.created_account and self.state == self.State.MEMBER
