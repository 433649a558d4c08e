"""Operations on posts."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from accounts.audit import CHANGE, DELETION, record
from accounts.models import User
from config.transactions import operation
from posts import access
from posts.actions import locking
from posts.attachments import Upload
from posts.live.hub import wake
from posts.markup import ROOM, find_mentions, may_mention_room, parse, possible_usernames
from posts.models import Attachment, Membership, Notification, Post, Room
from posts.notification_kinds import PostFacts, recipients
from posts.refusals import PostChanged, TooManyPosts, TooManyRoomMentions

# The same text, submitted again without a token within this time, is a double click or a retry.
SAME_POST_WITHIN = timedelta(seconds=10)
POSTS_TO_COMPARE = 10  # more than a user writes in that time
ROOM_MENTIONS_PER_HOUR = 3  # posts in a room that mention all members
HOUR = timedelta(hours=1)


@operation
def write_post(
    author: User,
    room: Room,
    body: str,
    reply_to: Post | None = None,
    token: UUID | None = None,
    attachment: Upload | None = None,
    alt: str = "",
) -> Post:
    """Write a post and notify the users that it mentions or replies to.

    `body` must be cleaned and validated. Returns the new post, or the post that an earlier submission of the same form
    created: concurrent requests with the same `token`, room and text, or with the same text and no token, wait for the
    room's lock. "@room" mentions all members if the author manages the room. `alt` describes the picture `attachment`.
    Raises Http404, RoomArchived, AccountInactive, TooManyPosts, TooManyRoomMentions, AttachmentsOff, FilesNeedTeacher.
    """
    segments = parse(body)
    locked = locking.room_to_write(author, room.pk, others=_find_users(segments, reply_to))
    room = locked.room
    if token:
        token = uuid5(token, f"{room.pk} {body}" + (f" {attachment.digest}" if attachment else ""))
    if sent := _find_copy(author, room, body, reply_to, token, attachment):
        return sent
    _check_new_post(locked, attachment)
    mentioned = find_mentions(segments, locked.readers)
    names = [*mentioned, ROOM] if _count_room_mention(segments, locked) else mentioned
    room.revision += 1
    columns = {"body": body, "reply_to": reply_to, "token": token, "mentions": sorted(names)}
    post = Post.objects.create(room=room, author=author, revision=room.revision, **columns)
    if attachment:
        _save_attachment(post, attachment, alt)
    notified = _notify(post, mentioned.values(), locked)
    if ROOM in names:
        Notification.objects.create_for_members(post, others={*notified, author.pk})
    _read_own_post(post, room)
    room.newest_post = post.pk
    room.save(update_fields=["revision", "newest_post", "mentioned_at"])
    wake()
    return post


@operation
def edit_post(post: Post, body: str, actor: User, loaded: str = "") -> None:
    """Change the text of a post and notify users that only the new text mentions. It never notifies the whole room.

    `loaded` is the `body_hash` of the text that the actor started with, or "". Raises Http404, NotAuthor (unless
    `actor` is an administrator), PostRemoved, PostChanged, RoomArchived or AccountInactive.
    """
    segments = parse(body)
    locked = locking.room_to_write(actor, post.room_id, others=_find_users(segments, post.reply_to))
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
    still_mentions_room = ROOM in post.mentions and may_mention_room(segments)
    post.mentions = sorted([*mentioned, ROOM] if still_mentions_room else mentioned)
    post.edited_at = timezone.now()
    post.save(update_fields=["body", "mentions", "edited_at", "revision"])
    touch_replies(post)
    unread = post.notifications.filter(kind__in=("mention", "room"), read_at=None)
    unread = unread.exclude(recipient__in=mentioned.values())
    unread.update(kind="room") if still_mentions_room else unread.delete()
    _notify(post, mentioned.values(), locked, notified=post.notifications.values_list("recipient", flat=True))
    record(actor, post, CHANGE, ["body"])
    room.save(update_fields=["revision"])
    wake()


@operation
def remove_post(post: Post, actor: User, reason: str = "") -> None:
    """Delete a post as its author, or remove it as a moderator, who can give a `reason`.

    The row remains until `manage.py prune` deletes it, so that replies can refer to it and administrators can read the
    text. Its notifications are withdrawn. Removing a post again has no effect, except that its author can no longer
    restore it if a moderator removes it, too. Raises Http404, NotModerator or AccountInactive.
    """
    locked = locking.room_to_write(actor, post.room_id, may_be_archived=True)
    room = locked.room
    post = Post.objects.get(pk=post.pk)
    post.room = room
    access.check_removal(locked.user.pk, post, locked.is_manager)
    if post.is_removed and not (post.removed_by_id == post.author_id != actor.pk):
        return
    room.revision += 1
    post.revision = room.revision
    post.removed_at = timezone.now()
    post.removed_by = actor
    post.save(update_fields=["removed_at", "removed_by", "revision"])
    touch_replies(post)
    _touch_parent(post)
    record(actor, post, DELETION, reason=reason)
    if room.newest_post == post.pk:
        newest = Post.objects.in_room(room).not_removed().newest_first()
        room.newest_post = newest.values_list("pk", flat=True).first() or 0
    room.save(update_fields=["revision", "newest_post"])
    _set_withdrawn(post, True)


@operation
def restore_post(post: Post, actor: User) -> None:
    """Restore a post that its author has just deleted, with its notifications. Nobody is notified again.

    Restoring a post again has no effect. Raises Http404, CannotRestore, RoomArchived or AccountInactive.
    """
    room = locking.room_to_write(actor, post.room_id).room
    post = Post.objects.get(pk=post.pk)
    access.check_restoration(actor.pk, post)
    if not post.is_removed:
        return
    room.revision += 1
    post.revision = room.revision
    post.removed_at = post.removed_by = None
    post.save(update_fields=["removed_at", "removed_by", "revision"])
    touch_replies(post)
    _touch_parent(post)
    record(actor, post, CHANGE, ["removed_at"])
    room.newest_post = max(room.newest_post, post.pk)
    room.save(update_fields=["revision", "newest_post"])
    _set_withdrawn(post, False)


def _save_attachment(post, upload, alt):
    """Save the picture or the file of a new post. If the transaction is rolled back, `prune` deletes the file."""
    columns = ("media_type", "digest", "name", "width", "height")
    attachment = Attachment(post=post, **{column: getattr(upload, column) for column in columns})
    attachment.alt = alt if upload.is_picture else ""
    attachment.size = upload.file.size
    attachment.file.save(upload.file.name, upload.file, save=False)
    attachment.save(force_insert=True)


def _find_copy(author, room, body, reply_to, token, attachment):
    """Return the post that an earlier submission of the same form created, or None."""
    if token:
        return Post.objects.filter(author=author, token=token).first()
    # Not filtered by room: a database may read all posts of the author to find the last ones in a room.
    latest = Post.objects.filter(author=author).newest_first()[:POSTS_TO_COMPARE]
    last = next((post for post in latest if post.room_id == room.pk), None)
    if last is None or last.is_removed or last.created_at < timezone.now() - SAME_POST_WITHIN:
        return None
    if (last.body, last.reply_to_id) != (body, getattr(reply_to, "pk", None)):
        return None
    saved = Attachment.objects.filter(post=last).first()
    return last if getattr(saved, "digest", None) == getattr(attachment, "digest", None) else None


def _read_own_post(post, room):
    """Mark a new post as read by its author, unless they have unread posts before it."""
    members = Membership.objects.filter(user=post.author_id, room=room, last_read__gte=room.newest_post)
    members.update(last_read=post.pk)


def _check_new_post(locked, attachment):
    """Raise a refusal unless the user of `locked` can write a post with `attachment`, an Upload or None.

    Raises TooManyPosts after POSTS_PER_MINUTE posts in the last minute, in all rooms.
    """
    if attachment:
        access.check_attachment(locked.user, locked.room, attachment.is_picture)
    limit = settings.POSTS_PER_MINUTE
    posts = Post.objects.filter(author=locked.user).newest_first()
    for created_at in posts.values_list("created_at", flat=True)[limit - 1 : limit] if limit else ():
        seconds = (timezone.now() - created_at).total_seconds()
        if 0 <= seconds < 60:  # negative if the clock has been set back
            raise TooManyPosts(60 - seconds)


def _count_room_mention(segments, locked):
    """Return whether a new post mentions all members, and count it, without saving it. Raises TooManyRoomMentions."""
    if not (locked.is_manager and may_mention_room(segments)):
        return False
    room = locked.room
    now = timezone.now()
    times = map(datetime.fromisoformat, room.mentioned_at)
    last_hour = [time for time in times if now - HOUR < time <= now]  # later if the clock has been set back
    if len(last_hour) >= ROOM_MENTIONS_PER_HOUR:
        raise TooManyRoomMentions((last_hour[-ROOM_MENTIONS_PER_HOUR] + HOUR - now).total_seconds())
    room.mentioned_at = [time.isoformat() for time in [*last_hour, now]]
    return True


def touch_replies(post: Post) -> None:
    """Set the revision of the replies to that of `post`, because they quote it."""
    post.replies.update(revision=post.revision)


def _touch_parent(post):
    """Set the revision of a removed post that `post` replies to, because it is shown only while it has replies."""
    if post.reply_to_id:
        Post.objects.filter(pk=post.reply_to_id).exclude(removed_at=None).update(revision=post.revision)


def _set_withdrawn(post, is_withdrawn):
    """Hide or show the notifications of `post`, and wake the streams of their recipients."""
    recipients = list(post.notifications.values_list("recipient", flat=True))
    post.notifications.update(withdrawn=is_withdrawn)
    wake(*recipients)


def _find_users(segments, parent):
    """Return the ids of active users that a text may mention, and of the author of the post that it replies to."""
    names = possible_usernames(segments)
    users = set(User.objects.active().filter(username_key__in=names).values_list("pk", flat=True)) if names else set()
    return users | {parent.author_id} if parent else users


def _notify(post, mentioned, locked, notified=()):
    """Notify users of `post` and return their ids. `mentioned` and `notified` (who already were) are ids, too."""
    facts = PostFacts(
        author=post.author_id,
        mentioned=frozenset(mentioned),
        replied_to=post.reply_to.author_id if post.reply_to else None,
        readers=frozenset(locked.readers.values()),
        notifications_off=frozenset(locked.notifications_off),
        notified=frozenset(notified),
    )
    kinds = recipients(facts)
    Notification.objects.bulk_create(
        Notification(recipient_id=user, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id)
        for user, kind in kinds.items()
    )
    return kinds.keys()
