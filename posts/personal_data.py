"""What this app holds of a person: theirs to take away, and gone when they leave."""

from posts.live import next_revision
from posts.markup import replace_mentions
from posts.models import Notification, Post


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
    Notification.objects.filter(actor=user).delete()
    user.owned_rooms.update(owner=None)
    for post in Post.objects.mentioning(user.username).select_related("room"):
        body = replace_mentions(post.body, user.username, "@someone")
        if body != post.body:
            post.body = body
            post.mentions = [name for name in post.mentions if name != user.username.lower()]
            post.revision = next_revision(post.room)
            post.save(update_fields=["body", "mentions", "revision"])
