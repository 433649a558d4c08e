"""Posts."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.addresses import cached_reverse
from posts.models.room import Room

MAX_ID = 2**63 - 1


class PostKey(NamedTuple):
    """The columns of a post that identify its HTML in the cache of rendered posts."""

    pk: int
    author_id: int
    created_at: datetime
    removed_at: datetime | None
    mentions: list
    reply_to_id: int | None
    revision: int
    author_changed: datetime
    parent_author_changed: datetime | None
    has_replies: bool  # only for removed posts

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    @property
    def is_hidden(self) -> bool:
        """Whether the conversation omits the post: it is removed, and no other post replies to it."""
        return self.is_removed and not self.has_replies

    @property
    def version(self) -> tuple:
        """A value that changes when the rendered post changes. Changes to the parent increment `revision`."""
        return self[6:]


@dataclass(frozen=True)
class Page:
    """A part of a conversation: `keys` of its posts, oldest first, and whether there are older and newer posts."""

    keys: list[PostKey]
    has_older: bool = False
    has_newer: bool = False

    def starts_after(self, pk: int) -> bool:
        """Return whether posts after the one with the id `pk` may be on an older page."""
        return self.has_older and (not self.keys or self.keys[0].pk > pk)


class PostQuerySet(models.QuerySet):
    """QuerySet for posts. Ids increase with time, so a post's id is its position in a conversation."""

    def in_room(self, room: Room | int) -> Self:
        """Return the posts of `room` (a Room or its id), including removed posts."""
        if connection.vendor == "mysql":
            # For `room = 5`, MariaDB reads the index from the room's end to the cursor; for a range, from the cursor.
            return self.filter(room__gte=room, room__lte=room)
        return self.filter(room=room)

    def not_removed(self) -> Self:
        return self.filter(removed_at=None)

    def before(self, cursor: int) -> Self:
        """Return the posts older than the post with the id `cursor`."""
        return self.filter(pk__lt=cursor)

    def after(self, cursor: int) -> Self:
        """Return the posts newer than the post with the id `cursor`."""
        return self.filter(pk__gt=cursor)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def keys(self) -> list[PostKey]:
        """Fetch the PostKeys in the order of this queryset.

        A subquery fetches the author's column: with a join, MariaDB would start with all authors and sort their posts.
        Another query is only needed if some of the posts are removed.
        """
        author = User.objects.filter(pk=OuterRef("author"))
        posts = self.annotate(author_changed=Subquery(author.values("updated_at")))
        rows = list(posts.values_list(*PostKey._fields[:-2], "reply_to__author__updated_at"))
        keys = [PostKey(*row, has_replies=False) for row in rows]
        removed = [key.pk for key in keys if key.is_removed]
        if not removed:
            return keys
        replies = Post.objects.not_removed().filter(reply_to__in=removed)
        replied = set(replies.values_list("reply_to", flat=True).distinct())
        return [key._replace(has_replies=key.pk in replied) for key in keys]

    def changed_since(self, revision: int, limit: int) -> list[PostKey]:
        """Fetch the keys of the first `limit` posts that changed after the room's `revision`, in that order."""
        return self.filter(revision__gt=revision).order_by("room", "revision")[:limit].keys()

    # --- Pages of a conversation: call these on the posts of one room. Ordering by room too matches an index. ---

    def last_page(self, size: int) -> Page:
        """Fetch the newest `size` posts."""
        return replace(self.page_before(MAX_ID, size), has_newer=False)

    def page_before(self, cursor: int, size: int) -> Page:
        """Fetch the newest `size` posts before the post with the id `cursor`."""
        keys = self.before(cursor).order_by("-room", "-pk")[: size + 1].keys()
        return Page(keys[:size][::-1], has_older=len(keys) > size, has_newer=True)

    def page_after(self, cursor: int, size: int) -> Page:
        """Fetch the oldest `size` posts after the post with the id `cursor`."""
        keys = self.after(cursor).order_by("room", "pk")[: size + 1].keys()
        return Page(keys[:size], has_older=cursor > 0, has_newer=len(keys) > size)

    def page_around(self, pk: int, size: int) -> Page:
        """Fetch `size` posts around the id `pk`, with that post in the middle if it exists."""
        half = size // 2
        older = self.filter(pk__lte=pk).order_by("-room", "-pk")[: half + 1].keys()
        newer = self.after(pk).order_by("room", "pk")[: half + 1].keys()
        return Page([*older[:half][::-1], *newer[:half]], has_older=len(older) > half, has_newer=len(newer) > half)


class Post(models.Model):
    """A short text that a user writes in a room."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="posts", db_index=False, verbose_name=_("room"))
    # Closing an account does not delete its row, so posts always have an author.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", db_index=False, verbose_name=_("author")
    )
    # Forms enforce the maximum length, `Room.post_limit`.
    body = models.TextField(_("text"))
    # Lower-case usernames of the users that the text mentioned when it was written.
    mentions = models.JSONField(default=list, blank=True, editable=False)
    reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("removed by"),
    )
    # A hash of the token, the room and the text that were submitted, so that submitting them twice creates one post.
    token = models.UUIDField(null=True, blank=True, editable=False)
    # {emoji: [user id, …]}: a copy of the rows of Reaction, so that rendering needs no further query. The default in
    # the database is for processes of the version before, which may still write posts during an upgrade.
    reactions = models.JSONField(default=dict, db_default={}, editable=False)
    # The room's revision at which this post last changed.
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["author", "token"], name="one_post_per_author_and_token"),
            models.CheckConstraint(name="post_says_something", condition=~Q(body="")),
        ]
        indexes = [
            # A page of a conversation, in either direction.
            models.Index(fields=["room", "id"], name="post_conversation"),
            # Changes since a revision.
            models.Index(fields=["room", "revision"], name="post_changes"),
            # A profile's posts, newest first, and an author's last post.
            models.Index(fields=["author", "id"], name="post_by_author"),
            # The number of an author's posts that a viewer can see: an index-only scan.
            models.Index(fields=["author", "room", "removed_at"], name="post_count"),
        ]

    def __str__(self):
        return gettext("post %(id)s by %(author)s") % {"id": self.pk, "author": self.author}

    def get_absolute_url(self):
        return cached_reverse("post", args=(self.pk,))

    @property
    def body_hash(self) -> str:
        """A hash of the text, by which an edit notices another edit."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def is_removed(self) -> bool:
        """Whether its author deleted it or a moderator removed it."""
        return self.removed_at is not None
