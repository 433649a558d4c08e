"""What people say, where, to whom."""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import connection, models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User, new_code
from accounts.prepared import PreparedQuery

LAST_ID = 2**63 - 1
MOST_COUNTED = 100  # unread notifications; a badge says "99+" of so many
# Addresses below /rooms/ that are pages of their own, now or by the plan.
RESERVED_SLUGS = frozenset({"new", "join", "all", "mine", "archived"})


class RoomQuerySet(models.QuerySet):
    """Rooms, in the words that views use."""

    def visible_to(self, user):
        """Those that `user` may know of: everybody's common room while it is open, and the rooms they are in.

        Administrators see every room. Somebody who was removed from the common room does not see it.
        """
        if user.is_administrator:
            return self
        state = Membership.State
        is_in = Q(is_common=False) & (Q(mine__state=state.MEMBER) | Q(owner=user))
        # Many have a row in the common room too; it opens nothing once that room is archived.
        is_common = Q(is_common=True, archived_at=None)
        not_removed = Q(mine__state=None) | Q(mine__state__in=[state.APPLIED, state.MEMBER, state.DECLINED])
        return self.with_membership_of(user).filter(is_in | (is_common & not_removed))

    def with_membership_of(self, user):
        """Join the one membership that `user` may have in each room, as `mine`."""
        condition = Q(memberships__user=user)
        return self.annotate(mine=models.FilteredRelation("memberships", condition=condition))

    def with_reading_of(self, user):
        """Annotate `last_read`: the id of the last post that `user` has seen there, None before the first."""
        return self.with_membership_of(user).annotate(last_read=models.F("mine__last_read"))

    def with_unread(self, user):
        """Annotate `is_unread`: whether somebody else wrote there since `user` last looked."""
        # None where an administrator only looks in: nothing there waits for them.
        never = models.Case(models.When(Q(is_common=True) | Q(owner=user), then=0))
        # The newest post is at the end of the room's part of an index. Asked whether one is newer than what was seen,
        # MariaDB would go through all that was seen, and PostgreSQL through all that was written since, wherever. It
        # would for the newest too, by the ids, if it knew that there is but one room to order by.
        one = {"room__gte": OuterRef("pk"), "room__lte": OuterRef("pk")}
        here = Post.objects.filter(**one if connection.vendor == "postgresql" else {"room": OuterRef("pk")})
        newest = here.standing().exclude(author=user).order_by("-room", "-pk").values("pk")[:1]
        is_newer = models.Case(models.When(newest__gt=models.F("seen"), then=True), default=False)
        rooms = self.with_reading_of(user).annotate(seen=Coalesce("last_read", never), newest=Subquery(newest))
        return rooms.annotate(is_unread=is_newer)

    def find(self, user, slug):
        """Return the room with this `slug` that `user` may know of, or None.

        The same as `visible_to(user).for_reading(user).get(slug=slug)`, by a query that is compiled once.
        """
        if user.is_administrator:
            return self.visible_to(user).for_reading(user).filter(slug=slug).first()
        rows = _ROOM(user=user.pk, slug=slug)
        if not rows:
            return None
        room = self.model.from_db(self.db, _ROOM_FIELDS, rows[0][: len(_ROOM_FIELDS)])
        room.last_read, room.owner_name, room.unread_count = rows[0][len(_ROOM_FIELDS) :]
        return room

    def for_reading(self, user):
        """With all that a conversation's page shows beside the posts: `last_read` (the id of the last post that `user`
        has seen there), `owner_name`, and `unread_count`, the notifications of `user` that wait anywhere.
        """
        return self.with_reading_of(user).annotate(
            owner_name=models.F("owner__username"), unread_count=Notification.objects.number_unread(user)
        )

    def for_list(self):
        """In the order of a list of rooms: the common room, then by name."""
        return self.select_related("owner").order_by("-is_common", "name")


class Room(models.Model):
    """A conversation."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    # None for the common room, and for a room whose teacher has left.
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
        _("archived"), null=True, blank=True, help_text=_("Nobody writes there any more; the common room is hidden.")
    )
    created_at = models.DateTimeField(_("opened"), default=timezone.now)
    # Counts what happened there: `posts.live` takes the next number for each post, edit and removal.
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of the conversation."""
        return reverse("room", args=[self.slug])

    @property
    def is_archived(self):
        """Whether nobody writes here any more."""
        return self.archived_at is not None

    def is_moderated_by(self, user):
        """Whether `user` may remove other people's posts here."""
        return user.is_administrator or (user.is_teacher and self.owner_id == user.pk)


class Membership(models.Model):
    """Somebody in a room, or at its door. Everybody is in the common room, whether or not they have a row."""

    class State(models.TextChoices):
        APPLIED = "applied", _("applied")
        MEMBER = "member", _("member")
        DECLINED = "declined", _("declined")
        REMOVED = "removed", _("removed")

    class Notify(models.TextChoices):
        MENTIONS = "mentions", _("mentions and replies")
        NOTHING = "nothing", _("nothing")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships", verbose_name=_("room"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MEMBER)
    last_read = models.PositiveBigIntegerField(_("last post read"), default=0, editable=False)
    notify = models.CharField(_("notify of"), max_length=10, choices=Notify, default=Notify.MENTIONS)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            # Also serves "what of this room is mine": the state and the last post read, by person and room.
            models.UniqueConstraint(fields=["user", "room"], name="one_membership_per_person_and_room"),
            models.CheckConstraint(
                name="membership_state_is_known",
                condition=Q(state__in=["applied", "member", "declined", "removed"]),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.room}"


class PostKey(NamedTuple):
    """What decides how a post's row looks, without the post: enough to tell whether a kept row is still right."""

    pk: int
    author_id: int
    created_at: datetime
    removed_at: datetime | None
    mentions: list
    reply_to_id: int | None
    revision: int
    author_changed: datetime
    parent_revision: int | None
    parent_author_changed: datetime | None

    FIELDS = (
        "pk", "author_id", "created_at", "removed_at", "mentions", "reply_to_id", "revision",
        "author_changed", "reply_to__revision", "reply_to__author__updated_at",
    )  # fmt: skip

    @property
    def is_removed(self):
        """Whether the post was taken away."""
        return self.removed_at is not None

    @property
    def version(self):
        """What changes whenever anything that the row shows changes."""
        return self[6:]


class PostQuerySet(models.QuerySet):
    """Posts, in the words that views use. The id is the order: it rises with time and never ties."""

    def visible_to(self, user):
        """Those in rooms that `user` may know of."""
        if user.is_administrator:
            return self
        return self.filter(room__in=Room.objects.visible_to(user))

    def in_rooms_of(self, user):
        """The same as `visible_to`, with the rooms asked for first, by a query of its own.

        For a page of one person's posts: with the rooms in it, MariaDB would sort all that the person has written.
        """
        if user.is_administrator:
            return self
        return self.filter(room__in=list(Room.objects.visible_to(user).values_list("pk", flat=True)))

    def standing(self):
        """Those that nobody deleted or removed."""
        return self.filter(removed_at=None)

    def in_room(self, room):
        """Those of one conversation, removed ones included: the thread stays readable."""
        return self.filter(room=room)

    def before(self, cursor):
        """Those older than the post with the id `cursor`."""
        return self.filter(pk__lt=cursor)

    def after(self, cursor):
        """Those newer than the post with the id `cursor`."""
        return self.filter(pk__gt=cursor)

    def changed_since(self, revision):
        """Those written, edited or removed after the room's `revision`, in that order."""
        return self.filter(revision__gt=revision).order_by("revision")

    def newest_first(self):
        """The order in which a page is cut off."""
        return self.order_by("-pk")

    def for_display(self):
        """With all that a row shows, in the same query."""
        return self.select_related("author", "reply_to__author")

    def as_keys(self):
        """List the PostKeys, in this order."""
        return list(map(PostKey._make, self.as_key_values()))

    def as_key_values(self):
        """Return the values of PostKeys.

        The author is a subquery of the row and no join: MariaDB would begin with all authors, and sort all their posts.
        """
        author = User.objects.filter(pk=OuterRef("author"))
        return self.annotate(author_changed=Subquery(author.values("updated_at"))).values_list(*PostKey.FIELDS)

    def keys_before(self, room, cursor, number):
        """List the PostKeys of the newest `number` posts in `room` before the id `cursor`, the newest first.

        The same as `in_room(room).before(cursor).newest_first()[:number].as_keys()`, by a query that is compiled once.
        """
        return _keys_before(number)(room=room.pk, cursor=cursor)

    def keys_changed(self, room, revision, number):
        """List the PostKeys of the first `number` posts that changed after the room's `revision`, in that order."""
        return _keys_changed(number)(room=room.pk, cursor=revision)

    def keys_after(self, room, cursor, number):
        """List the PostKeys of the oldest `number` posts in `room` after the id `cursor`, the oldest first."""
        return _keys_after(number)(room=room.pk, cursor=cursor)

    def mentioning(self, text):
        """Those whose text may name somebody by `text`; the caller looks more closely."""
        return self.filter(body__icontains=f"@{text}")


class Post(models.Model):
    """Something that somebody said in a room."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="posts", db_index=False, verbose_name=_("room"))
    # A row of posts outlives its author's account, which is emptied and never deleted.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", db_index=False, verbose_name=_("author")
    )
    # The limit is a setting, POST_MAX_LENGTH, and so the form's business.
    body = models.TextField(_("text"))
    # Who the text's @names were when it was written, as lower-case usernames.
    mentions = models.JSONField(default=list, blank=True, editable=False)
    reply_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now)
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
    # What the form carried, so that sending it twice writes once.
    token = models.UUIDField(null=True, blank=True, editable=False)
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
            # The conversation, from any cursor in either direction.
            models.Index(fields=["room", "id"], name="post_conversation"),
            # What changed since a poll last asked.
            models.Index(fields=["room", "revision"], name="post_changes"),
            # A profile's posts, the newest first, and an author's last one.
            models.Index(fields=["author", "id"], name="post_by_author"),
            # How many posts of a person a viewer may see, answered from the index alone.
            models.Index(fields=["author", "room", "removed_at"], name="post_count"),
            # The admin's date hierarchy.
            models.Index(fields=["created_at"], name="post_by_date"),
        ]

    def __str__(self):
        return gettext("post %(id)s by %(author)s") % {"id": self.pk, "author": self.author}

    def get_absolute_url(self):
        """Return the permanent address."""
        return reverse("post", args=[self.pk])

    @property
    def is_removed(self):
        """Whether its author deleted it or somebody removed it."""
        return self.removed_at is not None

    def is_removable_by(self, user):
        """Whether `user` may take this post away: its author, the room's owner, an administrator."""
        return not self.is_removed and (self.author_id == user.pk or self.room.is_moderated_by(user))

    def is_editable_by(self, user):
        """Whether `user` may change this post's text: its author, while the room is open."""
        return not self.is_removed and self.author_id == user.pk and not self.room.is_archived


class _RowsIn(models.Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


class NotificationQuerySet(models.QuerySet):
    """Notifications, in the words that views use."""

    def unread(self):
        """Those not marked read."""
        return self.filter(read_at=None)

    def for_display(self):
        """The newest first, with all that a line shows, in the same query."""
        return self.select_related("actor", "post", "room").order_by("-pk")

    def visible_to(self, user):
        """Those of `user` whose post or room they may still know of."""
        rooms = Room.objects.visible_to(user)
        mine = self.filter(recipient=user)
        return mine if user.is_administrator else mine.filter(Q(room=None) | Q(room__in=rooms))

    def count_unread(self, user):
        """Return how many `user` has not read, 100 standing for all that is more.

        The same as `visible_to(user).unread()[:100].count()`, by a query that is compiled once.
        """
        if user.is_administrator:
            return self.visible_to(user).unread()[:MOST_COUNTED].count()
        return len(_UNREAD(user=user.pk))

    def number_unread(self, user):
        """Return `count_unread` as an expression, for a query that asks something else too."""
        return _RowsIn(self.visible_to(user).unread().values("pk")[:MOST_COUNTED])

    def mark_read(self):
        """Mark these read; return how many were unread."""
        return self.unread().update(read_at=timezone.now())


class Notification(models.Model):
    """Something that somebody should know of, at most one a person a post."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mention")
        REPLY = "reply", _("reply")
        ACCEPTED = "accepted", _("accepted")
        APPLIED = "applied", _("applied")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        db_index=False,
        verbose_name=_("recipient"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("post")
    )
    # The room of the post, or the room that the notification is about: what decides who may see it.
    room = models.ForeignKey(
        Room, models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("room")
    )
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # A notification that is about no post has none here, and NULLs never collide.
            models.UniqueConstraint(fields=["recipient", "post"], name="one_notification_per_person_and_post"),
        ]
        indexes = [
            # The list, the newest first.
            models.Index(fields=["recipient", "id"], name="notification_list"),
            # The badge's count, answered from the index alone.
            models.Index(fields=["recipient", "read_at", "room"], name="notification_badge"),
            # The admin's date hierarchy.
            models.Index(fields=["created_at"], name="notification_by_date"),
        ]

    def __str__(self):
        return gettext("%(kind)s for %(recipient)s") % {"kind": self.get_kind_display(), "recipient": self.recipient}

    def get_absolute_url(self):
        """Return the address of the thing that this is about."""
        return reverse("post", args=[self.post_id]) if self.post_id else self.room.get_absolute_url()


# --- Asked on every page, compiled once ---

# Ids that no row has, standing for those that are asked with.
SOME_USER, SOME_ROOM, SOME_POST, SOME_OWNER = LAST_ID - 1, LAST_ID - 2, LAST_ID - 3, LAST_ID - 4
_ROOM_FIELDS = [field.attname for field in Room._meta.concrete_fields]

_ROOM = PreparedQuery(
    lambda user, slug: (
        Room.objects.visible_to(User(pk=user))
        .for_reading(User(pk=user))
        .filter(slug=slug)
        .values_list(*_ROOM_FIELDS, "last_read", "owner_name", "unread_count")
    ),
    make=tuple,
    user=SOME_USER,
    slug="a slug holds no spaces",
)

_UNREAD = PreparedQuery(
    lambda user: Notification.objects.visible_to(User(pk=user)).unread().values_list("pk")[:MOST_COUNTED],
    user=SOME_USER,
)


def _keys(index, choose):
    """Return a function of a number: the query for so many PostKeys that `choose(posts, cursor)` gives."""

    @cache
    def prepared(number):
        return PreparedQuery(
            lambda room, cursor: choose(Post.objects.in_room(room), cursor).as_key_values()[:number],
            make=PostKey._make,
            index=index,
            room=SOME_ROOM,
            cursor=SOME_POST,
        )

    return prepared


_keys_before = _keys("post_conversation", lambda posts, cursor: posts.before(cursor).newest_first())
_keys_after = _keys("post_conversation", lambda posts, cursor: posts.after(cursor).order_by("pk"))
_keys_changed = _keys("post_changes", lambda posts, revision: posts.changed_since(revision))
