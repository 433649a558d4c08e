"""The access rule: what a user can see and do.

A user can see a room if they have a membership with state `member` there, or are an administrator. An archived common
room is visible to administrators only. `of(request)` resolves this once per request into a small value, and every
query is a plain filter on that value. Operations get rooms from `room_to_write`, which locks and checks again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, FilteredRelation, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from accounts.refusals import AccountInactive
from config.transactions import lock
from posts.markup import Segment, mentioned_usernames
from posts.models import Membership, Post, Room
from posts.refusals import NotAuthor, NotModerator, PostRemoved, RoomArchived

MEMBER = Membership.State.MEMBER


@dataclass(frozen=True)
class Access:
    """What one user can see. Resolve it with `of(request)` or `for_user(user)`."""

    user_id: int
    is_administrator: bool
    rooms: Mapping[int, int]  # the rooms that the user is a member of: {id: id of the last post read}
    sees_everyone: bool  # a member of the open common room, or an administrator
    sees_emails: bool  # of other users

    def can_see(self, room_id: int) -> bool:
        """Return whether the user can see the room with this id."""
        return self.is_administrator or room_id in self.rooms

    def in_visible_rooms(self, field: str = "room") -> Q:
        """Return a condition for objects whose `field` is a room that the user can see."""
        return Q() if self.is_administrator else Q(**{f"{field}__in": list(self.rooms)})

    def users(self):
        """Return the users that the user can see, as a queryset.

        Administrators see all accounts that are not closed. Others see active users: everyone while they are in the
        open common room, otherwise themselves, teachers and the members of their rooms.
        """
        if self.is_administrator:
            return User.objects.filter(closed_at=None)
        users = User.objects.active()
        if self.sees_everyone:
            return users
        members = Membership.objects.filter(room__in=list(self.rooms), state=MEMBER).values("user")
        return users.filter(Q(pk=self.user_id) | Q(role=Role.TEACHER) | Q(pk__in=members))

    def can_see_email(self, user) -> bool:
        """Return whether the user can see the email address of `user`: their own; teachers and administrators, all."""
        return user.pk == self.user_id or self.sees_emails


def for_user(user) -> Access:
    """Resolve what `user` can see, with one query."""
    memberships = Membership.objects.filter(user=user.pk, state=MEMBER)
    if not user.is_administrator:
        memberships = memberships.filter(Q(room__is_common=False) | Q(room__archived_at=None))
    rows = list(memberships.values_list("room_id", "last_read", "room__is_common"))
    return Access(
        user_id=user.pk,
        is_administrator=user.is_administrator,
        rooms={room: last_read for room, last_read, _is_common in rows},
        sees_everyone=user.is_administrator or any(is_common for _room, _last_read, is_common in rows),
        sees_emails=user.may_see_emails,
    )


def of(request) -> Access:
    """Return what the signed-in user can see, resolved once for this request."""
    if not hasattr(request, "access"):
        request.access = for_user(request.user)
    return request.access


def rooms_by_user(users: Collection[int]) -> dict[int, set[int]]:
    """Resolve `Access.rooms` of many users (ids) with one query: {user id: ids of rooms}."""
    rooms: dict[int, set[int]] = {user: set() for user in users}
    memberships = Membership.objects.filter(user__in=rooms, state=MEMBER)
    memberships = memberships.exclude(room__is_common=True, room__archived_at__isnull=False)
    for user, room in memberships.values_list("user_id", "room_id"):
        rooms[user].add(room)
    return rooms


# --- Objects to read: the object, or Http404 ---


def room_to_read(access: Access, slug: str) -> Room:
    """Return the room with this slug and `owner_name`. Raises Http404 if the user cannot see it."""
    room = get_object_or_404(Room.objects.annotate(owner_name=F("owner__username")), slug=slug)
    # MariaDB compares without case.
    if room.slug != slug or not access.can_see(room.pk):
        raise Http404
    return room


def post_to_read(access: Access, pk: int) -> Post:
    """Return a post with its room, author and the post that it replies to. Raises Http404 if it is not visible."""
    posts = Post.objects.filter(access.in_visible_rooms()).select_related("room", "author", "reply_to__author")
    return get_object_or_404(posts, pk=pk)


def user_to_read(users, username: str) -> User:
    """Return the user with this name, in any case, from `users`, a queryset of visible users. Raises Http404."""
    return get_object_or_404(users, username_key=username.lower())


# --- Objects to change: the object, Http404 or a refusal ---


def post_to_edit(access: Access, pk: int) -> Post:
    """Return a post that its author can edit now. Raises Http404, NotAuthor, PostRemoved or RoomArchived."""
    post = post_to_read(access, pk)
    check_edit(access.user_id, post)
    return post


def post_to_remove(access: Access, pk: int, user) -> Post:
    """Return a post that `user` can delete or remove. Raises Http404, NotModerator or PostRemoved."""
    post = post_to_read(access, pk)
    check_removal(user, post)
    return post


def check_edit(user_id: int, post: Post) -> None:
    """Raise NotAuthor, PostRemoved or RoomArchived unless the user can edit `post`."""
    if post.author_id != user_id:
        raise NotAuthor
    if post.is_removed:
        raise PostRemoved
    if post.room.is_archived:
        raise RoomArchived


def check_removal(user, post: Post) -> None:
    """Raise NotModerator or PostRemoved unless `user` can remove `post`: its author, or a moderator of the room."""
    if post.author_id != user.pk and not post.room.is_moderated_by(user):
        raise NotModerator
    if post.is_removed:
        raise PostRemoved


# --- Inside a transaction: locks, and the same checks again ---


@dataclass(frozen=True)
class LockedRoom:
    """A room and users as they are under their locks."""

    room: Room
    user: User  # the user who acts
    readers: Mapping[int, User]  # of the locked users, those who can see the room
    muted: Collection[int]  # the ids of readers who turned off notifications for the room

    def find_mentioned(self, segments: Iterable[Segment]) -> dict[str, int]:
        """Return {lower-case username: id} of the readers whom a text mentions."""
        ids = {user.username_key: pk for pk, user in self.readers.items()}
        return {name: ids[name] for name in mentioned_usernames(segments, ids)}


def lock_room(user, room_id: int, others: Collection[int] = ()) -> LockedRoom:
    """Lock a room, then its user and `others` (ids of users that the operation refers to), and check access again.

    A removal, archiving, deactivation or closing of the account that commits first wins. Raises Http404 if the room
    is not visible and AccountInactive if the user is not active.
    """
    room = lock(Room.objects.filter(pk=room_id)).first()
    users = User.objects.lock({user.pk, *others})
    user = users.get(user.pk)
    if user is None or not user.is_active:
        raise AccountInactive
    members = dict(
        Membership.objects.filter(room=room_id, user__in=list(users), state=MEMBER).values_list("user", "notify")
    )
    if room is None or (room.is_common and room.is_archived):
        members = {}
    readers = {pk: one for pk, one in users.items() if one.is_active and (pk in members or one.is_administrator)}
    if room is None or user.pk not in readers:
        raise Http404
    return LockedRoom(room, user, readers, {pk for pk in readers if members.get(pk) == Membership.Notify.NOTHING})


def room_to_write(user, room_id: int, others: Collection[int] = ()) -> LockedRoom:
    """Lock a room as `lock_room` does. Raises RoomArchived as well."""
    locked = lock_room(user, room_id, others)
    if locked.room.is_archived:
        raise RoomArchived
    return locked


def readers(room: Room, users):
    """Return those of the queryset `users` who can see `room`, joined with their `membership` of it, if any."""
    member = Q(membership__state=MEMBER) if not (room.is_common and room.is_archived) else Q(pk=None)
    membership = FilteredRelation("memberships", condition=Q(memberships__room=room.pk))
    return users.active().annotate(membership=membership).filter(member | Q(role=Role.ADMIN))
