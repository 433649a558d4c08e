"""A user's data in rooms: export and erasure."""

from django.db.models import Q

from accounts.audit import CHANGE, record
from accounts.models import User
from config.transactions import lock
from posts import access
from posts.actions.posts import touch_replies
from posts.actions.reactions import save_reactions
from posts.live.hub import wake
from posts.markup import parse, possible_usernames, replace_mentions
from posts.models import Attachment, Notification, Post, Room


def export(user):
    """Return the user's data in rooms as values that JSON can represent.

    The posts are complete, but without the names of rooms that the user can no longer see.
    """
    visible = access.for_user(user)
    names = dict(Room.objects.filter(visible.in_visible_rooms("pk")).values_list("pk", "name"))
    posts = Post.objects.filter(author=user).order_by("pk")
    membership_columns = ("room__name", "state", "is_co_teacher", "created_account", "notify", "created_at")
    columns = ("id", "room", "body", "created_at", "edited_at", "removed_at", "reply_to")
    known = Q() if visible.is_administrator else Q(room__in=[*visible.rooms, *visible.requested])
    memberships = user.memberships.filter(known).order_by("pk")
    notifications = Notification.objects.visible(visible).order_by("pk")
    return {
        "posts": [post | {"room": names.get(post["room"])} for post in posts.values(*columns)],
        "attachments": list(Attachment.objects.of_author(user).order_by("pk").values("post", "file", "name", "alt")),
        "reactions": list(user.reactions.order_by("pk").values("post", "emoji", "created_at")),
        "memberships": list(memberships.values(*membership_columns)),
        "rooms": list(user.owned_rooms.values("name", "slug", "created_at")),
        "notifications": list(notifications.values("kind", "post", "room__name", "created_at", "read_at")),
    }


def export_files(user):
    """Return the names of the files of the user's posts in the storage."""
    return list(Attachment.objects.of_author(user).order_by("pk").values_list("file", flat=True))


def lock_rows(user):
    """Lock the rooms that `erase` changes, and the user's rooms: "@room" notifies members whose rows are not locked."""
    _lock_rooms(_rooms_to_change(user).union(user.memberships.values_list("room", flat=True)))


def erase(user, actor):
    """Erase the user's memberships, notifications, reactions, pictures and files, and their name in posts of others.

    The user's row is locked, so that no new post can mention them.
    """
    rooms = _lock_rooms(_rooms_to_change(user))
    for room in user.owned_rooms.all():
        record(actor, room, CHANGE, ["owner"])
    user.memberships.all().delete()
    user.notifications.all().delete()
    Notification.objects.filter(actor=user).delete()
    user.owned_rooms.update(owner=None)
    for room in rooms:
        _erase_reactions(user, room)
        _erase_attachments(user, room)
        _erase_mentions(user, room, actor)


def _rooms_to_change(user):
    mentioning = Post.objects.filter(body__icontains=f"@{user.username}").values_list("room", flat=True).distinct()
    reacting = user.reactions.values_list("post__room", flat=True).distinct()
    attaching = Attachment.objects.of_author(user).values_list("post__room", flat=True).distinct()
    return {*mentioning, *reacting, *attaching, *user.owned_rooms.values_list("pk", flat=True)}


def _lock_rooms(ids):
    return list(lock(Room.objects.filter(pk__in=ids)))


def _erase_reactions(user, room):
    posts = list(Post.objects.in_room(room).filter(pk__in=user.reactions.values("post")))
    if not posts:
        return
    user.reactions.filter(post__in=posts).delete()
    room.revision += 1
    save_reactions(posts, room)
    room.save(update_fields=["revision"])
    wake()


def _erase_attachments(user, room):
    """Delete the rows of the user's pictures and files: they may show the user. `prune` deletes the files."""
    attachments = Attachment.objects.of_author(user).filter(post__room=room)
    posts = list(attachments.values_list("post", flat=True))
    if not posts:
        return
    attachments.delete()
    room.revision += 1
    Post.objects.filter(pk__in=posts).update(revision=room.revision)
    room.save(update_fields=["revision"])
    wake()


def _erase_mentions(user, room, actor):
    posts = list(Post.objects.in_room(room).filter(body__icontains=f"@{user.username}"))
    names = {name for post in posts for name in possible_usernames(parse(post.body)) if name != user.username_key}
    taken = set(User.objects.filter(username_key__in=names).values_list("username_key", flat=True))
    room.revision += 1
    changed = False
    for post in posts:
        body = replace_mentions(post.body, user.username, "@someone", taken)
        if body == post.body:
            continue
        post.body = body
        post.mentions = [name for name in post.mentions if name != user.username_key]
        post.revision = room.revision
        post.save(update_fields=["body", "mentions", "revision"])
        touch_replies(post)
        record(actor, post, CHANGE, ["body"], reason="the account of a mentioned user was closed")
        changed = True
    if changed:
        room.save(update_fields=["revision"])
        wake()
