"""The access rule: what a user can see and do.

Members can see a room, and administrators can see all rooms. Only administrators can see the common room while it is
archived. The owners of a room, which are its owner and its co-teachers, manage it while they are approved teachers, and
administrators manage all rooms. `for_request(request)` resolves this once per request into a small value, and every
query filters on that value. Operations get rooms from `posts/actions/locking.py`, which checks access again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Role, User
from accounts.refusals import AccountInactive
from posts.models import Attachment, Membership, Post, Room
from posts.refusals import (
    AttachmentsOff,
    CannotCreateRoom,
    CannotRestore,
    FilesNeedTeacher,
    IsOwner,
    NotAuthor,
    NotManager,
    NotModerator,
    PostRemoved,
    RoomArchived,
)

MEMBER, APPLIED = Membership.State.MEMBER, Membership.State.APPLIED
RESTORE_WITHIN = timedelta(seconds=60)  # after its author deleted a post


@dataclass(frozen=True)
class Access:
    """What one user can see. Get it from `for_request(request)` or `for_user(user)`."""

    user_id: int
    is_administrator: bool
    rooms: Mapping[int, int]  # the rooms that the user is a member of: {id: id of the last post read}
    owned: Collection[int]  # the ids of the rooms that the user is an owner of
    notifications_off: Collection[int]  # the ids of the rooms of which the user gets no notifications
    requested: Collection[int]  # the ids of the rooms that the user has requested to join, and cannot see
    sees_everyone: bool  # a member of the open common room, or an administrator
    sees_emails: bool  # of other users

    def can_see(self, room_id: int) -> bool:
        """Return whether the user can see the room with this id."""
        return self.is_administrator or room_id in self.rooms

    def can_manage(self, room_id: int) -> bool:
        """Return whether the user can manage the room with this id."""
        return self.is_administrator or room_id in self.owned

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


def visible_memberships(**conditions) -> QuerySet[Membership]:
    """Return the memberships that make a room visible: the access rule for all users except administrators."""
    return _in_open_rooms(state=MEMBER, **conditions)


def _in_open_rooms(**conditions):
    is_open = Q(room__is_common=False) | Q(room__archived_at=None)
    return Membership.objects.filter(is_open, **conditions)


def for_user(user: User) -> Access:
    """Resolve what `user` can see, with one query."""
    columns = ("state", "room_id", "last_read", "notify", "room__is_common", "room__owner_id", "is_co_teacher")
    # In all states: a user has few memberships that have ended, and a condition takes longer.
    found = list(_in_open_rooms(user=user.pk).values_list(*columns))
    rows = [row for state, *row in found if state == MEMBER]
    return Access(
        user_id=user.pk,
        is_administrator=user.is_administrator,
        rooms={room: last_read for room, last_read, *_rest in rows},
        owned=frozenset(room for room, _last_read, _notify, _is_common, *owner in rows if is_owner(user, *owner)),
        notifications_off=frozenset(
            room for room, _last_read, notify, *_rest in rows if notify == Membership.Notify.NOTHING
        ),
        requested=frozenset(room for state, room, *_rest in found if state == APPLIED),
        sees_everyone=user.is_administrator or any(is_common for _room, _last_read, _notify, is_common, *_rest in rows),
        sees_emails=user.is_teacher or user.is_administrator,
    )


def is_owner(user: User, owner_id: int | None, is_co_teacher: bool) -> bool:
    """Return whether a member is an owner. A revoked approval takes effect immediately."""
    return (is_co_teacher or owner_id == user.pk) and (user.is_teacher or user.is_administrator)


def for_request(request: HttpRequest) -> Access:
    """Return what the signed-in user can see. The query runs once per request."""
    if not hasattr(request, "access"):
        request.access = for_user(request.user)
    return request.access


def rooms_by_user(users: Collection[int]) -> dict[int, set[int]]:
    """Return the ids of the rooms of many users (ids), with one query."""
    rooms: dict[int, set[int]] = {user: set() for user in users}
    for user, room in visible_memberships(user__in=rooms).values_list("user_id", "room_id"):
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


def requests_to_decide(access: Access) -> QuerySet[Membership]:
    """Return the join requests for open rooms that the user owns. Administrators also get rooms without an owner."""
    rooms = Q(room__in=list(access.owned))
    if access.is_administrator:
        rooms |= Q(room__owner=None)
    return Membership.objects.requests().filter(rooms, room__archived_at=None)


def post_to_read(access: Access, pk: int) -> Post:
    """Return a post with its room, author and the post that it replies to. Raises Http404 if it is not visible."""
    posts = Post.objects.filter(access.in_visible_rooms()).select_related("room", "author", "reply_to__author")
    return get_object_or_404(posts, pk=pk)


def attachment_to_read(access: Access, name: str) -> Attachment:
    """Return the picture or file with this name. Raises Http404 if its post is not visible.

    Only administrators can see those of removed posts, as evidence.
    """
    if not name.isprintable():  # PostgreSQL rejects NUL characters in queries
        raise Http404
    attachments = Attachment.objects.filter(access.in_visible_rooms("post__room"), file=f"attachments/{name}")
    if not access.is_administrator:
        attachments = attachments.filter(post__removed_at=None)
    return get_object_or_404(attachments)


def user_to_read(users: QuerySet[User], username: str) -> User:
    """Return the user with this username, ignoring case, from a queryset of visible users. Raises Http404."""
    return get_object_or_404(users, username_key=username.lower())


# --- Objects to change: return the object, or raise Http404 or a refusal ---


def room_to_manage(access: Access, slug: str) -> Room:
    """Return a room that the user can manage. Raises Http404 or NotManager."""
    room = room_to_read(access, slug)
    if not access.can_manage(room.pk):
        raise NotManager
    return room


def membership_to_manage(access: Access, slug: str, username: str) -> Membership:
    """Return the membership, in any state, of a user in a room that the viewer can manage, with its user and room.

    Raises Http404, also for a user without a membership, or NotManager.
    """
    room = room_to_manage(access, slug)
    memberships = Membership.objects.filter(room=room).select_related("user")
    membership = get_object_or_404(memberships, user__username_key=username.lower())
    membership.room = room
    return membership


def membership_to_remove(access: Access, slug: str, username: str) -> Membership:
    """Return a membership, in any state, that the viewer can remove. Also raises IsOwner."""
    membership = membership_to_manage(access, slug, username)
    if membership.room.owner_id == membership.user_id:
        raise IsOwner
    return membership


def post_to_edit(access: Access, pk: int) -> Post:
    """Return a post that its author can edit now. Raises Http404, NotAuthor, PostRemoved or RoomArchived."""
    post = post_to_read(access, pk)
    check_edit(access.user_id, post)
    return post


def post_to_remove(access: Access, pk: int) -> Post:
    """Return a post that the user can delete or remove, or that has been removed. Raises Http404 or NotModerator."""
    post = post_to_read(access, pk)
    check_removal(access.user_id, post, access.can_manage(post.room_id))
    return post


def post_to_restore(access: Access, pk: int) -> Post:
    """Return a post that its author can restore now, or has restored. Raises Http404 or CannotRestore."""
    post = post_to_read(access, pk)
    check_restoration(access.user_id, post)
    return post


def check_edit(user_id: int, post: Post) -> None:
    """Raise NotAuthor, PostRemoved or RoomArchived unless the user can edit `post`."""
    if post.author_id != user_id:
        raise NotAuthor
    if post.is_removed:
        raise PostRemoved
    if post.room.is_archived:
        raise RoomArchived


def check_removal(user_id: int, post: Post, is_manager: bool) -> None:
    """Raise NotModerator unless the user can remove `post` as its author or as a manager of its room."""
    if post.author_id != user_id and not is_manager:
        raise NotModerator


def check_restoration(user_id: int, post: Post) -> None:
    """Raise CannotRestore unless `post` is the user's own and visible, or they have just deleted it themselves."""
    if post.author_id != user_id:
        raise CannotRestore
    if post.is_removed and (post.removed_by_id != user_id or post.removed_at < timezone.now() - RESTORE_WITHIN):
        raise CannotRestore


def may_post_files(user: User) -> bool:
    """Return whether the user can post files that are not pictures."""
    return user.is_teacher or user.is_administrator


def allows_attachments(room: Room) -> bool:
    """Return whether posts in `room` can contain a picture or a file."""
    return settings.ATTACHMENTS and room.attachments


def check_attachment(user: User, room: Room, is_picture: bool) -> None:
    """Raise AttachmentsOff or FilesNeedTeacher unless the user can post a picture, or a file, in `room`."""
    if not allows_attachments(room):
        raise AttachmentsOff
    if not is_picture and not may_post_files(user):
        raise FilesNeedTeacher


def can_create_rooms(user: User) -> bool:
    """Return whether the user can create rooms of their own."""
    return user.is_teacher or user.is_administrator


def check_can_create(actor: User | None, owner: User | None) -> None:
    """Raise AccountInactive or CannotCreateRoom unless the locked user `actor` can create a room for `owner`."""
    if actor is None or not actor.is_active:
        raise AccountInactive
    if not actor.is_staff and not (can_create_rooms(actor) and owner == actor):
        raise CannotCreateRoom


# --- The users of a room ---


def owners(room: Room) -> QuerySet[User]:
    """Return the active owners of a room: its owner and its co-teachers, if they are approved."""
    memberships = visible_memberships(room=room.pk).filter(Q(is_co_teacher=True) | Q(user=room.owner_id))
    can_own = Q(role=Role.ADMIN) | Q(role=Role.TEACHER, approved_at__isnull=False)
    return User.objects.active().filter(can_own, pk__in=memberships.values("user"))


def readers(room: Room, users: QuerySet[User]) -> QuerySet[User]:
    """Return the users of the queryset `users` who can see `room`."""
    members = visible_memberships(room=room.pk).values("user")
    return users.active().filter(Q(pk__in=members) | Q(role=Role.ADMIN))
