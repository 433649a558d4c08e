"""Operations on what is unread."""

from django.db.models import F, OuterRef, Subquery

from accounts.models import User
from config.transactions import operation
from posts import unread
from posts.actions.notifications import read_notifications
from posts.models import Membership, Room


@operation
def mark_read(user: User, room: Room, upto: int) -> None:
    """Record that `user` has read the posts of `room` up to the id `upto`, and the notifications about them.

    An administrator who reads a room does not join it.
    """
    Membership.objects.filter(user=user, room=room, last_read__lt=upto).update(last_read=upto)
    read_notifications(user, unread.notifications_about_posts(user.pk).filter(room=room, post__lte=upto))


@operation
def mark_all_read(user: User) -> None:
    """Record that `user` has read all posts of their rooms, and the notifications about them."""
    newest = Room.objects.filter(pk=OuterRef("room")).values("newest_post")
    memberships = Membership.objects.members().filter(user=user, last_read__lt=F("room__newest_post"))
    memberships.update(last_read=Subquery(newest))
    read_notifications(user, unread.notifications_about_posts(user.pk))


@operation
def mark_unread(user: User, room: Room, post: int) -> None:
    """Record that `user`, if they are a member, has not read the post with the id `post` in `room` and newer ones."""
    Membership.objects.filter(user=user, room=room, last_read__gte=post).update(last_read=max(post - 1, 0))
