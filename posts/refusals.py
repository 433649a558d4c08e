"""Refusals of operations on rooms and posts."""

from django.utils.translation import gettext_lazy as _

from config.refusals import Refusal


class RoomArchived(Refusal):
    message = _("This room is archived. You can read it, but nobody can post.")


class PostRemoved(Refusal):
    message = _("This post has been deleted.")


class PostChanged(Refusal):
    """The text of `post` is not the one that the user started to edit."""

    message = _("This post has been changed since you opened it.")

    def __init__(self, post):
        super().__init__()
        self.post = post


class NotAuthor(Refusal):
    message = _("You don't have permission to edit this post. Only its author can.")


class NotManager(Refusal):
    message = _("You don't have permission to manage this room.")


class NotModerator(Refusal):
    message = _(
        "You don't have permission to delete this post. Only its author, the room's owner and administrators can."
    )


class CannotOwnRoom(Refusal):
    message = _("Only an active teacher or administrator can own a room.")


class RoomNotEmpty(Refusal):
    message = _("Only rooms without posts can be deleted. Archive this room instead.")


class IsOwner(Refusal):
    message = _("The owner of a room cannot be removed from it. Choose another owner first.")
