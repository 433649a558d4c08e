"""The access rule: what a user can see and do.

Members can see a room, and administrators can see all rooms. Only administrators can see the common room while it is
archived. `for_request(request)` resolves this once per request into a small value, and every query filters on that
value. Operations get rooms from `room_to_write`, which locks the room and checks access again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from accounts.refusals import AccountInactive
from config.transactions import lock
from posts.models import Membership, Post, Room
from posts.refusals import NotAuthor, NotManager, NotModerator, PostRemoved, RoomArchived

MEMBER = Membership.State.MEMBER


@dataclass(frozen=True)
class Access:
    """What one user can see. Get it from `for_request(request)` or `for_user(user)`."""

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

    def users(self) -> QuerySet[User]:
        """Return a queryset of the users that the user can see.

        Administrators see all accounts that are not closed. Members of the open common room see all active users.
        Other users see themselves, teachers and the members of their rooms, if these are active.
        """
        if self.is_administrator:
            return User.objects.filter(closed_at=None)
        users = User.objects.active()
        if self.sees_everyone:
            return users
        members = Membership.objects.filter(room__in=list(self.rooms), state=MEMBER).values("user")
        return users.filter(Q(pk=self.user_id) | Q(role=Role.TEACHER) | Q(pk__in=members))

    def can_see_email(self, user: User) -> bool:
        """Return whether the user can see the email address of `user`. Everyone can see their own."""
        return user.pk == self.user_id or self.sees_emails


def _memberships(**conditions):
    """Return the memberships that make a room visible: the access rule for all users except administrators."""
    is_open = Q(room__is_common=False) | Q(room__archived_at=None)
    return Membership.objects.filter(is_open, state=MEMBER, **conditions)


def for_user(user: User) -> Access:
    """Resolve what `user` can see, with one query."""
    rows = list(_memberships(user=user.pk).values_list("room_id", "last_read", "room__is_common"))
    return Access(
        user_id=user.pk,
        is_administrator=user.is_administrator,
        rooms={room: last_read for room, last_read, _is_common in rows},
        sees_everyone=user.is_administrator or any(is_common for _room, _last_read, is_common in rows),
        sees_emails=user.is_teacher or user.is_administrator,
    )


def for_request(request: HttpRequest) -> Access:
    """Return what the signed-in user can see. The query runs once per request."""
    if not hasattr(request, "access"):
        request.access = for_user(request.user)
    return request.access


def rooms_by_user(users: Collection[int]) -> dict[int, set[int]]:
    """Return the ids of the rooms of many users (ids), with one query."""
    rooms: dict[int, set[int]] = {user: set() for user in users}
    for user, room in _memberships(user__in=rooms).values_list("user_id", "room_id"):
        rooms[user].add(room)
    return rooms


# --- Objects to read: return the object or raise Http404 ---


def room_to_read(access: Access, slug: str) -> Room:
    """Return the room with this slug and its `owner_name`. Raises Http404 if the user cannot see it."""
    room = get_object_or_404(Room.objects.with_owner_name(), slug=slug)
    # MariaDB ignores case.
    if room.slug != slug or not access.can_see(room.pk):
        raise Http404
    return room


def rooms_to_list(access: Access, limit: int | None = None) -> list[Room]:
    """Return the rooms that the user can see, at most `limit`, with their owners and `is_unread`."""
    rooms = list(Room.objects.filter(access.in_visible_rooms("pk")).for_list()[:limit])
    for room in rooms:
        # An administrator who is not a member has no unread posts there.
        room.is_unread = room.newest_post > access.rooms.get(room.pk, room.newest_post)
    return rooms


def post_to_read(access: Access, pk: int) -> Post:
    """Return a post with its room, author and the post that it replies to. Raises Http404 if it is not visible."""
    posts = Post.objects.filter(access.in_visible_rooms()).select_related("room", "author", "reply_to__author")
    return get_object_or_404(posts, pk=pk)


def user_to_read(users: QuerySet[User], username: str) -> User:
    """Return the user with this username, ignoring case, from a queryset of visible users. Raises Http404."""
    return get_object_or_404(users, username_key=username.lower())


# --- Objects to change: return the object, or raise Http404 or a refusal ---


def post_to_edit(access: Access, pk: int) -> Post:
    """Return a post that its author can edit now. Raises Http404, NotAuthor, PostRemoved or RoomArchived."""
    post = post_to_read(access, pk)
    check_edit(access.user_id, post)
    return post


def post_to_remove(access: Access, pk: int, user: User) -> Post:
    """Return a post that `user` can delete or remove, or that has been removed. Raises Http404 or NotModerator."""
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


def check_removal(user: User, post: Post) -> None:
    """Raise NotModerator unless `user` can remove `post` as its author or a moderator of the room."""
    if post.author_id != user.pk and not post.room.is_moderated_by(user):
        raise NotModerator


def check_manager(actor: User | None, room: Room | None = None) -> None:
    """Raise AccountInactive or NotManager unless the locked user `actor` can manage `room`.

    Staff manage all rooms, and the owner of `room` manages that room.
    """
    if actor is None or not actor.is_active:
        raise AccountInactive
    if not actor.is_staff and (room is None or not room.is_moderated_by(actor)):
        raise NotManager


# --- Inside a transaction: lock, then check again ---


@dataclass(frozen=True)
class LockedRoom:
    """A locked room, and locked users."""

    room: Room
    user: User  # the user who acts
    readers: Mapping[str, int]  # {lower-case username: id} of the locked users who can see the room
    muted: Collection[int]  # the ids of members who turned off notifications for the room


def room_to_write(
    user: User, room_id: int, others: Collection[int] = (), *, may_be_archived: bool = False
) -> LockedRoom:
    """Lock a room, then `user` and `others` (ids of users that the operation refers to), and check access again.

    A concurrent transaction that commits first therefore takes effect, such as one that removes the user or archives
    the room. Raises Http404 if the room is not visible, AccountInactive if the user is not active, and RoomArchived.
    """
    room = lock(Room.objects.filter(pk=room_id)).first()
    users = User.objects.lock({user.pk, *others})
    user = users.get(user.pk)
    if user is None or not user.is_active:
        raise AccountInactive
    members = dict(_memberships(room=room_id, user__in=list(users)).values_list("user", "notify"))
    readers = [each for each in users.values() if each.is_active and (each.pk in members or each.is_administrator)]
    if room is None or user not in readers:
        raise Http404
    if room.is_archived and not may_be_archived:
        raise RoomArchived
    muted = {pk for pk, notify in members.items() if notify == Membership.Notify.NOTHING}
    return LockedRoom(room, user, {reader.username_key: reader.pk for reader in readers}, muted)


def readers(room: Room, users: QuerySet[User]) -> QuerySet[User]:
    """Return the users of the queryset `users` who can see `room`."""
    members = _memberships(room=room.pk).values("user")
    return users.active().filter(Q(pk__in=members) | Q(role=Role.ADMIN))
