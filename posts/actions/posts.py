"""Operations on posts."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from accounts.audit import CHANGE, DELETION, record
from accounts.models import User
from config.transactions import operation
from posts import access
from posts.live.hub import wake
from posts.markup import find_mentions, parse, possible_usernames
from posts.models import Membership, Notification, Post, Room
from posts.notification_kinds import PostFacts, recipients
from posts.refusals import PostChanged

# The same text, submitted again without a token within this time, is a double click or a retry.
SAME_POST_WITHIN = timedelta(seconds=10)
POSTS_TO_COMPARE = 10  # more than a user writes in that time


@operation
def write_post(author: User, room: Room, body: str, reply_to: Post | None = None, token: UUID | None = None) -> Post:
    """Write a post and notify the users that it mentions or replies to.

    `body` must be cleaned and validated. Returns the new post, or the post that an earlier submission of the same form
    created. Concurrent requests with the same `token`, room and text, or with the same text and no token, create one
    post: later requests wait for the room's lock and then find that post. Raises Http404, RoomArchived or
    AccountInactive.
    """
    segments = parse(body)
    locked = access.room_to_write(author, room.pk, others=_find_users(segments, reply_to))
    room = locked.room
    if token:
        token = uuid5(token, f"{room.pk} {body}")
        sent = Post.objects.filter(author=author, token=token).first()
    else:
        sent = _find_recent_copy(author, room, body, reply_to)
    if sent:
        return sent
    mentioned = find_mentions(segments, locked.readers)
    room.revision += 1
    post = Post.objects.create(
        room=room,
        author=author,
        body=body,
        reply_to=reply_to,
        token=token,
        revision=room.revision,
        mentions=sorted(mentioned),
    )
    _notify(post, mentioned.values(), locked)
    _mark_read(author, room, post.pk)
    room.newest_post = post.pk
    room.save(update_fields=["revision", "newest_post"])
    wake()
    return post


@operation
def edit_post(post: Post, body: str, actor: User, loaded: str = "") -> None:
    """Change the text of a post and notify users that only the new text mentions.

    `loaded` is the `body_hash` of the text that the actor started with, or "". Raises Http404, NotAuthor (unless
    `actor` is an administrator), PostRemoved, PostChanged, RoomArchived or AccountInactive.
    """
    segments = parse(body)
    locked = access.room_to_write(actor, post.room_id, others=_find_users(segments, post.reply_to))
    room = locked.room
    post = Post.objects.select_related("reply_to").get(pk=post.pk)
    post.room = room
    access.check_edit(post.author_id if locked.user.is_administrator else actor.pk, post)
    if body == post.body:
        return
    if loaded and loaded != post.body_hash:
        raise PostChanged(post)
    mentioned = find_mentions(segments, locked.readers)
    room.revision += 1
    post.revision = room.revision
    post.body = body
    post.mentions = sorted(mentioned)
    post.edited_at = timezone.now()
    post.save(update_fields=["body", "mentions", "edited_at", "revision"])
    touch_replies(post)
    unread = post.notifications.filter(kind="mention", read_at=None)
    unread.exclude(recipient__in=mentioned.values()).delete()
    _notify(post, mentioned.values(), locked, notified=post.notifications.values_list("recipient", flat=True))
    record(actor, post, CHANGE, ["body"])
    room.save(update_fields=["revision"])
    wake()


@operation
def remove_post(post: Post, actor: User, reason: str = "") -> None:
    """Delete a post as its author, or remove it as a moderator, who can give a `reason`.

    The row remains, so that replies can refer to it and administrators can read the text. Removing a post again has
    no effect. Raises Http404, NotModerator or AccountInactive.
    """
    locked = access.room_to_write(actor, post.room_id, may_be_archived=True)
    room = locked.room
    post = Post.objects.get(pk=post.pk)
    post.room = room
    if post.is_removed:
        return
    access.check_removal(locked.user, post)
    room.revision += 1
    post.revision = room.revision
    post.removed_at = timezone.now()
    post.removed_by = actor
    post.save(update_fields=["removed_at", "removed_by", "revision"])
    touch_replies(post)
    post.notifications.all().delete()
    record(actor, post, DELETION, reason=reason)
    if room.newest_post == post.pk:
        newest = Post.objects.in_room(room).not_removed().newest_first()
        room.newest_post = newest.values_list("pk", flat=True).first() or 0
    room.save(update_fields=["revision", "newest_post"])
    wake()


@operation
def mark_read(user: User, room: Room, upto: int) -> None:
    """Record that `user`, if they are a member, has read the posts of `room` up to the id `upto`."""
    _mark_read(user, room, upto)


def _mark_read(user, room, upto):
    # An administrator who reads a room does not join it.
    Membership.objects.filter(user=user, room=room, last_read__lt=upto).update(last_read=upto)


def _find_recent_copy(author, room, body, reply_to):
    # Not filtered by room: a database may read all posts of the author to find the last ones in a room.
    latest = Post.objects.filter(author=author).newest_first()[:POSTS_TO_COMPARE]
    last = next((post for post in latest if post.room_id == room.pk), None)
    if last is None or last.is_removed or last.created_at < timezone.now() - SAME_POST_WITHIN:
        return None
    return last if (last.body, last.reply_to_id) == (body, getattr(reply_to, "pk", None)) else None


def touch_replies(post: Post) -> None:
    """Set the revision of the replies to that of `post`, because they quote it."""
    post.replies.update(revision=post.revision)


def _find_users(segments, parent):
    """Return the ids of active users that a text may mention, and of the author of the post that it replies to."""
    names = possible_usernames(segments)
    users = set(User.objects.active().filter(username_key__in=names).values_list("pk", flat=True)) if names else set()
    return users | {parent.author_id} if parent else users


def _notify(post, mentioned, locked, notified=()):
    """Notify users of `post`. `mentioned` and `notified` (users with a notification about it) are ids."""
    facts = PostFacts(
        author=post.author_id,
        mentioned=frozenset(mentioned),
        replied_to=post.reply_to.author_id if post.reply_to else None,
        readers=frozenset(locked.readers.values()),
        muted=frozenset(locked.muted),
        notified=frozenset(notified),
    )
    Notification.objects.bulk_create(
        Notification(recipient_id=user, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id)
        for user, kind in recipients(facts).items()
    )
