"""Rooms."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User, new_code
from config.addresses import cached_reverse

# Path segments after /rooms/ that other pages use or will use.
RESERVED_SLUGS = frozenset({"new", "join", "all", "mine", "archived"})


class RoomQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        """Return rooms with their owners: the common room first, then by name."""
        return self.select_related("owner").order_by("-is_common", "name")

    def with_owner_name(self) -> Self:
        """Return rooms with the columns of their owners that `Room.owner_name` needs."""
        columns = ("username", "first_name", "last_name")
        return self.annotate(**{f"owner_{column}": F(f"owner__{column}") for column in columns})


class Room(models.Model):
    """A conversation and the people in it."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    # NULL for the common room and for a room whose owner has closed their account.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_rooms",
        verbose_name=_("owner"),
        limit_choices_to={"role__in": [Role.TEACHER, Role.ADMIN]},
    )
    is_common = models.BooleanField(_("common room"), default=False, editable=False)
    join_code = models.CharField(_("join code"), max_length=20, unique=True, default=new_code, editable=False)
    archived_at = models.DateTimeField(
        _("archived"), null=True, blank=True, help_text=_("Members can read an archived room, but nobody can post.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Each new post, edit and removal increments it under the lock of this row, so that revisions are committed in
    # order on every database.
    revision = models.PositiveBigIntegerField(default=0, editable=False)
    # The id of the newest post that is not removed, 0 if there is none. A foreign key would be circular.
    newest_post = models.PositiveBigIntegerField(default=0, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return cached_reverse("room", args=(self.slug,))

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def post_max_length(self) -> int:
        """The maximum length of a post in characters."""
        return settings.POST_MAX_LENGTH

    @property
    def owner_name(self) -> str:
        """Return the owner's full name or username, "" without an owner. Needs the columns of `with_owner_name()`."""
        return f"{self.owner_first_name or ''} {self.owner_last_name or ''}".strip() or self.owner_username or ""

    def is_moderated_by(self, user: User) -> bool:
        """Return whether `user` can remove other users' posts: an administrator, or the owner if approved."""
        return user.is_administrator or (user.is_teacher and self.owner_id == user.pk)
