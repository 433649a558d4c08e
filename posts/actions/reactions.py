"""Operations on reactions."""

from collections.abc import Collection

from accounts.models import User
from accounts.models.throttle import Kind
from accounts.throttling import counter, reserve
from config.transactions import operation
from posts.actions import locking
from posts.live.hub import wake
from posts.models import Emoji, Post, Reaction, Room
from posts.refusals import PostRemoved

BATCH = 500  # posts that one statement updates


@operation
def react(user: User, post: Post, emoji: Emoji, wanted: bool | None = None) -> None:
    """Add or remove the reaction `emoji` of `user` to a post. It is neither an edit nor a reason for a notification.

    `wanted` is whether the user reacts with it afterwards, so that a repeated request has no effect. None changes the
    current state. Raises Http404, RoomArchived, AccountInactive, PostRemoved or Throttled.
    """
    room = locking.room_to_write(user, post.room_id).room
    post = Post.objects.get(pk=post.pk)
    if post.is_removed:
        raise PostRemoved
    reaction = Reaction.objects.to_post(post).filter(user=user, emoji=emoji)
    exists = reaction.exists()
    if exists == wanted:
        return
    reserve(counter(Kind.REACTION, user.pk, username=user.username))
    if exists:
        reaction.delete()
    else:
        Reaction.objects.create(post=post, user=user, emoji=emoji)
    room.revision += 1
    save_reactions([post], room)
    room.save(update_fields=["revision"])
    wake()


def save_reactions(posts: Collection[Post], room: Room) -> None:
    """Copy the reactions to `posts` into their rows, with the revision of their locked `room`."""
    reactions = Reaction.objects.filter(post__in=posts).by_post()
    for post in posts:
        post.reactions = reactions[post.pk]
        post.revision = room.revision
    Post.objects.bulk_update(posts, ["reactions", "revision"], batch_size=BATCH)
