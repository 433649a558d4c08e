"""What this app holds of a person: theirs to take away, and gone when they leave."""

from accounts.log import CHANGE, record
from posts.live.publish import next_revision, unread_changed
from posts.markup import replace_mentions
from posts.models import Notification, Post, Room


def export(user):
    """Return what `user` wrote, where they are and what they were told, as values that JSON can hold."""
    posts = Post.objects.filter(author=user).order_by("pk")
    return {
        "posts": list(posts.values("id", "room__name", "body", "created_at", "edited_at", "removed_at", "reply_to")),
        "memberships": list(user.memberships.values("room__name", "state", "notify", "created_at")),
        "rooms": list(user.owned_rooms.values("name", "slug", "created_at")),
        "notifications": list(user.notifications.values("kind", "post", "room__name", "created_at", "read_at")),
    }


def erase(user):
    """Take `user` out of the talk: memberships, notifications to and by them, and their name in others' posts."""
    user.memberships.all().delete()
    user.notifications.all().delete()
    theirs = Notification.objects.filter(actor=user)
    unread_changed(theirs.unread().values_list("recipient", flat=True))
    theirs.delete()
    for room in user.owned_rooms.all():
        record(user, room, CHANGE, ["owner"])
    user.owned_rooms.update(owner=None)
    rooms = Room.objects.filter(posts__in=Post.objects.mentioning(user.username)).distinct()
    # In one order, so that two who leave at once never wait for each other.
    for room in rooms.order_by("pk"):
        _erase_mentions(user, room)


def _erase_mentions(user, room):
    # Read under the room's lock, so that an edit of this moment is not undone.
    revision = next_revision(room)
    for post in Post.objects.in_room(room).mentioning(user.username):
        body = replace_mentions(post.body, user.username, "@someone")
        if body == post.body:
            continue
        post.body = body
        post.mentions = [name for name in post.mentions if name != user.username_key]
        post.revision = revision
        post.save(update_fields=["body", "mentions", "revision"])
        post.replies.update(revision=revision)
        record(user, post, CHANGE, ["body"], reason="a person whom it named has left")
