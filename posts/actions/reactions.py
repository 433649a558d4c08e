"""Operations on reactions."""

from accounts.models import User
from accounts.models.throttle import Kind
from accounts.throttling import counter, reserve
from config.transactions import operation
from posts.actions import locking
from posts.live.hub import wake
from posts.models import Emoji, Post, Reaction, Room
from posts.refusals import PostRemoved


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
    save_reactions(post, room)
    room.save(update_fields=["revision"])
    wake()


def save_reactions(post: Post, room: Room) -> None:
    """Copy the reactions to `post` into its row, with the revision of its locked `room`."""
    post.reactions = Reaction.objects.to_post(post).users_by_emoji()
    post.revision = room.revision
    post.save(update_fields=["reactions", "revision"])
