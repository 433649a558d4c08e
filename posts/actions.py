"""The verbs of talk: each says everything that happens, in one transaction."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.log import ADDITION, CHANGE, DELETION, record
from accounts.models import new_code
from accounts.prepared import PreparedGet, PreparedInsert, PreparedUpdate
from posts.live import publish as live
from posts.markup import names_in, segments
from posts.models import SOME_POST, SOME_ROOM, SOME_USER, Membership, Notification, Post, Room
from posts.people import find_reader, readers_named
from posts.recipients import PostFacts, recipients

# A form without a token that comes again within this time, word for word, is the same post: a double click, a retry.
SAME_POST_WITHIN = timedelta(seconds=10)
LAST_LOOKED_AT = 10  # posts; nobody writes more in that time

# Run with every post, while everybody else waits to write.
_INSERT = PreparedInsert(Post)
_SENT_WITH = PreparedGet(Post, author=SOME_USER, token=UUID(int=1))
_READ_ON = PreparedUpdate(
    lambda user, room, upto: Membership.objects.filter(user=user, room=room, last_read__lt=upto),
    {"last_read": SOME_POST},
    user=SOME_USER,
    room=SOME_ROOM,
    upto=SOME_POST,
)


@transaction.atomic
def write_post(author, room, body, reply_to=None, token=None):
    """Write a post and tell whom it concerns; return it, or the post that the same form wrote before.

    `body` is clean and within the limit (the form's business). Of 20 requests with the same token, or with the
    same words and none, one writes: the room's row is held from the first line on, so the others find it.
    """
    revision = live.next_revision(room)
    sent = _SENT_WITH(author=author.pk, token=token) if token else None
    if sent is not None and _is_what_was_sent(sent, room, body):
        return sent
    if sent is not None or token is None:
        # No token, or one that went with other words: what somebody typed after all is not dropped for it.
        token = None
        if before := _written_just_now(author, room, body, reply_to):
            return before
    mentioned = _people_named(body, room)
    post = Post(
        room=room,
        author=author,
        body=body,
        reply_to=reply_to,
        token=token,
        revision=revision,
        mentions=sorted(reader.username_key for reader in mentioned),
    )
    _INSERT(post)
    _notify(post, mentioned, is_new=True)
    mark_read(author, room, post.pk)
    record(author, post, ADDITION)
    return post


@transaction.atomic
def edit_post(post, body, actor):
    """Give a post new words; those whom they name and who did not hear of it yet do now."""
    if body == post.body:
        return
    post.revision = live.next_revision(post.room)
    # Under the room's lock: what somebody removed meanwhile stays removed, and is told to nobody.
    if not Post.objects.standing().filter(pk=post.pk).exists():
        return
    mentioned = _people_named(body, post.room)
    post.body = body
    post.mentions = sorted(reader.username_key for reader in mentioned)
    post.edited_at = timezone.now()
    post.save(update_fields=["body", "mentions", "edited_at", "revision"])
    _show_replies_anew(post)
    unread = post.notifications.filter(kind=Notification.Kind.MENTION, read_at=None)
    _withdraw(unread.exclude(recipient__in=[reader.pk for reader in mentioned]))
    _notify(post, mentioned)
    record(actor, post, CHANGE, ["body"])


@transaction.atomic
def remove_post(post, actor, reason=""):
    """Take a post away: its author deletes it, or somebody who keeps order removes it, for `reason`.

    The row stays, so that replies keep their place; its words are shown to nobody but administrators.
    """
    post.revision = live.next_revision(post.room)
    # Under the room's lock: of two who remove it at once, one does.
    if not Post.objects.standing().filter(pk=post.pk).exists():
        return
    post.removed_at = timezone.now()
    post.removed_by = actor
    post.save(update_fields=["removed_at", "removed_by", "revision"])
    _show_replies_anew(post)
    _withdraw(post.notifications.all())
    record(actor, post, DELETION, reason=reason)


@transaction.atomic(savepoint=False)
def mark_read(user, room, upto):
    """Remember that `user` has seen the posts of `room` up to the id `upto`; never back again."""
    if _READ_ON(user=user.pk, room=room.pk, upto=upto) or Membership.objects.filter(user=user, room=room).exists():
        return
    # Everybody is in the common room, and an owner in theirs; the row is made when there is something to remember.
    # An administrator who looks into a room does not join it.
    if room.is_common or room.owner_id == user.pk:
        # The room first, as whoever writes there does: MariaDB would call the other order a deadlock.
        Room.objects.select_for_update().get(pk=room.pk)
        Membership.objects.bulk_create(
            [Membership(user=user, room=room, last_read=upto, state=Membership.State.MEMBER)], ignore_conflicts=True
        )


@transaction.atomic
def read_notifications(user, notifications):
    """Mark `notifications` (a queryset) of `user` read; return how many were unread."""
    read = notifications.filter(recipient=user).mark_read()
    if read:
        live.unread_changed([user.pk])
    return read


@transaction.atomic
def accept(membership, actor, reason=""):
    """Let somebody into a room, whatever stood between, and tell them; return whether that changed anything."""
    if not _change_state(membership, Membership.State.MEMBER, actor, reason):
        return False
    _tell_accepted(membership, actor)
    return True


@transaction.atomic
def decline(membership, actor, reason=""):
    """Say no to an application; return whether there was one."""
    return membership.state == Membership.State.APPLIED and _change_state(
        membership, Membership.State.DECLINED, actor, reason
    )


@transaction.atomic
def remove_member(membership, actor, reason=""):
    """Take somebody out of a room at once; return whether that changed anything."""
    return _change_state(membership, Membership.State.REMOVED, actor, reason)


@transaction.atomic
def add_member(membership, actor):
    """Write a new `membership` (unsaved) of somebody whom `actor` puts into a room, and tell them."""
    membership.state = Membership.State.MEMBER
    membership.save(force_insert=True)
    _tell_accepted(membership, actor)
    record(actor, membership, ADDITION)


@transaction.atomic
def archive(rooms, actor, reason=""):
    """Close `rooms` (a queryset) for writing; return how many were open."""
    return _change_rooms(rooms.filter(archived_at=None), actor, reason, archived_at=timezone.now)


@transaction.atomic
def unarchive(rooms, actor, reason=""):
    """Open `rooms` for writing again; return how many were archived."""
    return _change_rooms(rooms.filter(archived_at__isnull=False), actor, reason, archived_at=lambda: None)


@transaction.atomic
def renew_join_code(rooms, actor, reason=""):
    """Give `rooms` new join codes: the old ones let nobody in any more. Returns how many that were."""
    return _change_rooms(rooms, actor, reason, join_code=new_code)


def _change_state(membership, state, actor, reason):
    # In one statement: of two who decide at once, one does.
    others = Membership.objects.filter(pk=membership.pk).exclude(state=state)
    if not others.update(state=state, updated_at=timezone.now()):
        return False
    membership.state = state
    record(actor, membership, CHANGE, ["state"], reason)
    live.access_changed([membership.user_id])
    return True


def _tell_accepted(membership, actor):
    Notification.objects.create(
        recipient=membership.user, actor=actor, kind=Notification.Kind.ACCEPTED, room=membership.room
    )
    live.access_changed([membership.user_id])


def _change_rooms(rooms, actor, reason, **new):
    changed = list(rooms)
    for room in changed:
        for field, value in new.items():
            setattr(room, field, value())
        room.save(update_fields=[*new])
        record(actor, room, CHANGE, [*new], reason)
    return len(changed)


def _is_what_was_sent(post, room, body):
    # What was edited or removed since cannot be compared any more, and was sent before.
    return bool(post.edited_at or post.is_removed or (post.room_id, post.body) == (room.pk, body))


def _written_just_now(author, room, body, reply_to):
    # Looked for among the author's last: asked for the last in this room, a database may read a million for it.
    latest = Post.objects.filter(author=author).newest_first()[:LAST_LOOKED_AT]
    last = next((post for post in latest if post.room_id == room.pk), None)
    same = last is not None and (last.body, last.reply_to_id) == (body, getattr(reply_to, "pk", None))
    return last if same and last.created_at > timezone.now() - SAME_POST_WITHIN and not last.is_removed else None


def _show_replies_anew(post):
    """Count the replies among what changed: each quotes the post on screens that are open."""
    post.replies.update(revision=post.revision)


def _people_named(body, room):
    """Return those whom `body` links to: Readers of `room`, people it names who can read there."""
    names = names_in(body)
    if not names:
        return []
    people = {reader.username_key: reader for reader in readers_named(room, names)}
    linked = {segment.username.lower() for segment in segments(body, people)} if people else set()
    return [reader for name, reader in people.items() if name in linked]


def _notify(post, mentioned, is_new=False):
    """Tell those whom `post` concerns; `mentioned` are Readers, and of a post that `is_new` nobody has heard."""
    readers = {reader.pk: reader for reader in mentioned}
    replied_to = post.reply_to.author_id if post.reply_to_id else None
    is_other = replied_to not in (None, post.author_id)
    if is_other and replied_to not in readers and (found := find_reader(post.room, replied_to)):
        readers[replied_to] = found
    if not readers.keys() - {post.author_id}:
        return
    facts = PostFacts(
        author=post.author_id,
        mentioned=frozenset(reader.pk for reader in mentioned),
        replied_to=replied_to,
        readers=frozenset(readers),
        muted=frozenset(pk for pk, reader in readers.items() if reader.is_muted),
        already=frozenset() if is_new else frozenset(post.notifications.values_list("recipient", flat=True)),
    )
    told = recipients(facts)
    Notification.objects.bulk_create(
        Notification(recipient_id=person, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id)
        for person, kind in told.items()
    )
    live.unread_changed(told)


def _withdraw(notifications):
    live.unread_changed(notifications.unread().values_list("recipient", flat=True))
    notifications.delete()
