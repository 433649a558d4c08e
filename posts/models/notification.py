"""Notifications."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import connections, models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.addresses import cached_reverse
from posts.models.membership import Membership
from posts.models.post import Post
from posts.models.room import Room
from posts.notification_kinds import ALWAYS_VISIBLE, KINDS, UNKNOWN

if TYPE_CHECKING:
    from posts.access import Access

# Ordered, so that concurrent transactions lock users in the same order: MariaDB locks them for the foreign key.
_NOTIFY_MEMBERS = """
    INSERT INTO posts_notification (recipient_id, actor_id, kind, post_id, room_id, created_at)
    SELECT member.user_id, post.author_id, 'room', post.id, post.room_id, post.created_at
    FROM posts_post post
    JOIN posts_membership member ON member.room_id = post.room_id
    JOIN accounts_user person ON person.id = member.user_id
    WHERE post.id = %s AND member.state = 'member' AND member.notify <> 'nothing' AND person.is_active
        AND member.user_id NOT IN ({marks})
    ORDER BY member.user_id
"""


class NotificationQuerySet(models.QuerySet):
    def visible(self, access: "Access") -> Self:
        """Return the notifications of the user of `access` about rooms that they can see, or visible always.

        Those without a room are always visible. Those of deleted posts are withdrawn, so nobody sees them.
        """
        notifications = self.filter(recipient=access.user_id, withdrawn=False)
        if access.is_administrator:
            return notifications
        return notifications.filter(access.in_visible_rooms() | Q(room=None) | Q(kind__in=ALWAYS_VISIBLE))

    def unread(self) -> Self:
        return self.filter(read_at=None, withdrawn=False)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def for_list(self) -> Self:
        """Return notifications with the columns of other tables that a list shows.

        Call it on a page: counting would join the other tables. Columns cost less than related objects: building 90
        objects for a page takes 1.4 ms longer.
        """
        actor = {f"actor_{name}": F(f"actor__{name}") for name in ("username", "first_name", "last_name", "closed_at")}
        room = {f"room_{name}": F(f"room__{name}") for name in ("name", "slug")}
        return self.annotate(**actor, **room, post_body=F("post__body"))

    def with_group(self) -> Self:
        """Annotate `group`: the id that the notifications of a row share (see `Kind`), or None."""
        kinds = {name: kind.grouped_by for name, kind in KINDS.items() if kind.grouped_by}
        whens = [When(kind=name, then=F(lookup)) for name, lookup in kinds.items()]
        return self.annotate(group=Case(*whens, output_field=models.BigIntegerField()))

    def group_up_to(self, pk: int) -> Self:
        """Return the notification with this id and the older ones of its group, if this queryset contains it."""
        with_group = self.with_group()
        kind, group = with_group.filter(pk=pk).values_list("kind", "group").first() or (None, None)
        return with_group.filter(kind=kind, group=group, pk__lte=pk) if group else self.filter(pk=pk)

    def with_open_requests(self, access: "Access") -> Self:
        """Annotate `has_open_request`: whether the viewer can decide the actor's request to join the room now."""
        if not (access.is_administrator or access.owned):
            return self.annotate(has_open_request=Value(False))
        requests = Membership.objects.requests().filter(room=OuterRef("room"), user=OuterRef("actor"))
        if not access.is_administrator:
            requests = requests.filter(room__in=list(access.owned))
        return self.annotate(has_open_request=Exists(requests))

    def create_for_members(self, post: Post, others: Collection[int]) -> None:
        """Notify the members of the post's room who are active and want its notifications, except `others` (ids).

        One statement for any number of members, unlike `bulk_create`. The room must be locked.
        """
        sql = _NOTIFY_MEMBERS.format(marks=",".join(["%s"] * len(others)))
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [post.pk, *others])

    def mark_as_read(self) -> int:
        """Mark these notifications as read and return how many were unread."""
        return self.unread().update(read_at=timezone.now())


class Notification(models.Model):
    """A message to a user about a post, a room or their account. A user has at most one for each post."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        db_index=False,
        verbose_name=_("recipient"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("triggered by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices={name: kind.label for name, kind in KINDS.items()})
    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("post")
    )
    # The post's room, or the room that the notification is about. Only users who can see it see the notification.
    room = models.ForeignKey(
        Room, models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("room")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # Whether the post is deleted. It can be restored, and its recipients must not be notified twice.
    withdrawn = models.BooleanField(_("withdrawn"), default=False, db_default=False, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # NULLs are distinct, so notifications about a room do not conflict.
            models.UniqueConstraint(fields=["recipient", "post"], name="one_notification_per_person_and_post"),
        ]
        indexes = [
            # The list, newest first.
            models.Index(fields=["recipient", "id"], name="notification_list"),
            # The badge: an index-only scan.
            models.Index(fields=["recipient", "read_at", "room", "kind", "withdrawn"], name="notification_badge"),
        ]

    def __str__(self):
        return gettext("%(kind)s for %(recipient)s") % {"kind": self.get_kind_display(), "recipient": self.recipient}

    def get_absolute_url(self):
        return KINDS.get(self.kind, UNKNOWN).get_url(self)

    @property
    def open_url(self) -> str:
        """The URL that marks the notification as read and redirects to its subject."""
        return cached_reverse("notification", args=(self.pk,))

    @cached_property
    def room_slug(self) -> str:
        """The slug of the room, which `for_list()` selects as a column."""
        return self.room.slug

    @property
    def actor_name(self) -> str:
        """Return the name of the actor, or "" if the account is closed. Requires `for_list()`."""
        if self.actor_closed_at:
            return ""
        return f"{self.actor_first_name} {self.actor_last_name}".strip() or self.actor_username

    @property
    def template(self) -> str:
        """The name of the template that describes the event."""
        return f"posts/notifications/_{self.kind if self.kind in KINDS else 'other'}.html"


def group_notifications(notifications: Iterable[Notification]) -> list[Notification]:
    """Return the first notification of each group, with `others`: the number of other users who triggered the others.

    Read and unread notifications are in different groups. Requires `with_group()`.
    """
    groups: dict = {}
    for notification in notifications:
        key = notification.pk
        if notification.group:
            key = notification.kind, notification.group, notification.read_at is None
        groups.setdefault(key, []).append(notification)
    for first, *others in groups.values():
        first.others = len({other.actor_id for other in others} - {first.actor_id})
    return [group[0] for group in groups.values()]
