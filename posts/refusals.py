"""Refusals of operations on rooms and posts."""

from django.utils.translation import gettext_lazy as _

from config.refusals import Refusal, Throttled


class RoomArchived(Refusal):
    message = _("This room is archived. You can read it, but nobody can post.")


class TooManyPosts(Throttled):
    message = _("You are posting too fast. Try again in %(time)s.")


class TooManyRoomMentions(Throttled):
    message = _("Only three posts per hour can mention everyone in a room. Remove @room, or try again in %(time)s.")


class AttachmentsOff(Refusal):
    message = _("Pictures and files are turned off in this room. Remove yours, then post again.")


class FilesNeedTeacher(Refusal):
    message = _("Only approved teachers can post files. Students can post pictures.")


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


class NotMember(Refusal):
    """The user can see the room as an administrator."""

    message = _("You are not a member of this room.")


class NotManager(Refusal):
    message = _("You don't have permission to manage this room.")


class NotModerator(Refusal):
    message = _(
        "You don't have permission to delete this post. Only its author, the owners of the room and administrators can."
    )


class CannotRestore(Refusal):
    message = _("You can't restore this post. Only its author can, for one minute after deleting it.")


class CannotCreateRoom(Refusal):
    message = _("Only teachers can create rooms. An administrator has to approve your account first.")


class CannotBeCoTeacher(Refusal):
    message = _("Only approved teachers who are members of the room can be co-teachers.")


class CannotResetPassword(Refusal):
    message = _(
        "You can only reset the passwords of students without an email address whose accounts were created by a class "
        "list of this room. Other students reset their password by email, or ask an administrator."
    )


class CannotOwnRoom(Refusal):
    message = _("Only an active teacher or administrator can own a room.")


class IsGroup(Refusal):
    message = _("This room is a group of another room. Groups can't be split into groups.")


class AccountsChanged(Refusal):
    """Accounts in a class list are not in the state that the user has confirmed."""

    message = _("Nothing was imported, because accounts in the list have changed. Check the list again.")


class RoomNotEmpty(Refusal):
    message = _("Only rooms without posts can be deleted. Archive this room instead.")


class IsOwner(Refusal):
    message = _("The owner of a room cannot be removed from it. Choose another owner first.")


class NeedsSuccessor(Refusal):
    message = _("Choose a co-teacher who becomes the owner of this room, or archive it.")


class CommonRoom(Refusal):
    message = _("Everyone at school is in this room, so you can't do this here.")


class InvalidJoinCode(Refusal):
    """The code is wrong, has expired or has been used up, or the room is archived or closed for joining."""

    message = _("This code doesn't work. Check it, or ask your teacher for a new one.")


class DeclinedRecently(Throttled):
    message = _("Your request to join this room was declined. You can ask again in %(time)s.")
