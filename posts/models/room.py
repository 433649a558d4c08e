"""Rooms."""

import itertools
import re
from datetime import datetime
from textwrap import wrap
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, new_code
from accounts.models.invitation import normalize_code
from accounts.validators import validate_year
from config.addresses import cached_reverse

# Path segments after /rooms/ that other pages use or will use.
RESERVED_SLUGS = frozenset({"new", "join", "all", "mine", "archived"})
MAX_SLUG_FROM_NAME = 48  # characters; suffixes need up to 12 more


def new_join_code() -> str:
    """Return a random join code of 8 letters and digits (40 bits). Guessing is throttled."""
    return new_code(8)


def new_slug_suffix() -> str:
    """Return random characters for the address of a room."""
    return new_code(6).lower()


class RoomQuerySet(models.QuerySet):
    def free_slug(self, name: str) -> str:
        """Return an address for a new room: from its `name`, with a number if another room has the address.

        For a name without Latin letters, it is random. Another request can take it before the room is saved.
        """
        base = slugify(name)[:MAX_SLUG_FROM_NAME].strip("-_")
        if not re.search("[a-z]", base):
            base = f"room-{new_slug_suffix()}"
        taken = RESERVED_SLUGS.union(self.filter(slug__startswith=base).values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in itertools.count(2))
        return next(slug for slug in itertools.chain([base], numbered) if slug not in taken)

    def with_join_code(self, code: str) -> Self:
        """Filter by a join code as a user typed it."""
        return self.filter(join_code=normalize_code(code))

    def open(self) -> Self:
        return self.filter(archived_at=None)

    def with_owner_name(self) -> Self:
        """Return rooms with the columns of their owners that `Room.owner_name` needs."""
        columns = ("username", "first_name", "last_name")
        return self.annotate(**{f"owner_{column}": F(f"owner__{column}") for column in columns})


class Room(models.Model):
    """A conversation and the people in it."""

    class Joining(models.TextChoices):
        REQUEST = "request", _("People with the code ask to join, and an owner accepts them")
        CODE = "code", _("Everyone with the code joins")
        CLOSED = "closed", _("Only owners add people, and the code does not work")

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
    description = models.CharField(_("description"), max_length=200, blank=True)
    joining = models.CharField(_("joining"), max_length=10, choices=Joining, default=Joining.REQUEST)
    # NULL for the default, POST_MAX_LENGTH. `post_limit` is the length that applies.
    post_max_length = models.PositiveIntegerField(
        _("maximum length of a post"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    join_code = models.CharField(_("join code"), max_length=20, unique=True, default=new_join_code, editable=False)
    code_expires_at = models.DateTimeField(_("code expires"), null=True, blank=True, validators=[validate_year])
    code_max_uses = models.PositiveIntegerField(
        _("maximum uses"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    code_uses = models.PositiveIntegerField(_("times used"), default=0, editable=False)
    # The room that this one is a group of.
    group_of = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="groups")
    attachments = models.BooleanField(_("pictures and files"), default=True, db_default=True)
    archived_at = models.DateTimeField(
        _("archived"), null=True, blank=True, help_text=_("Members can read an archived room, but nobody can post.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # When posts mentioned the whole room (the last ones), as times in ISO format.
    mentioned_at = models.JSONField(default=list, editable=False)
    # Each new post, edit, removal and reaction increments it under the lock of this row, so that revisions are
    # committed in order on every database.
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
    def display_code(self) -> str:
        """Return the join code in groups of four characters: ABCD-EFGH."""
        return "-".join(wrap(self.join_code, 4))

    @property
    def join_link(self) -> str:
        """Return the absolute URL of the page on which a user joins with the join code."""
        return settings.SITE_URL + cached_reverse("room_join_link", args=(self.join_code,))

    @property
    def code_uses_left(self) -> int | None:
        """Return how many more users can use the join code, or None if there is no limit."""
        return None if self.code_max_uses is None else max(0, self.code_max_uses - self.code_uses)

    def accepts_code(self, now: datetime) -> bool:
        """Return whether a user with the join code can join or request to join at the time `now`."""
        return not self.code_problem(now)

    def code_problem(self, now: datetime) -> str:
        """Return why the join code does not work at the time `now`, "" if it works.

        The common room has no code. The other reasons are "archived", "closed", "expired" and "used up".
        """
        problems = {
            "common": self.is_common,
            "archived": self.is_archived,
            "closed": self.joining == self.Joining.CLOSED,
            "expired": self.code_expires_at is not None and self.code_expires_at <= now,
            "used up": self.code_uses_left == 0,
        }
        return next((problem for problem, applies in problems.items() if applies), "")

    @property
    def post_limit(self) -> int:
        """The maximum length of a new post in characters."""
        return self.post_max_length or settings.POST_MAX_LENGTH

    @property
    def owner_name(self) -> str:
        """Return the owner's full name or username, "" without an owner. Needs the columns of `with_owner_name()`."""
        return f"{self.owner_first_name or ''} {self.owner_last_name or ''}".strip() or self.owner_username or ""
