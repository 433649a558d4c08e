"""Forms for posts, and the query string of a conversation."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.text import LineField, TextField, isolate, read_id
from posts import access
from posts.attachments import read_upload
from posts.models import Post
from posts.models.post import MAX_ID
from posts.refusals import AttachmentsOff


def validate_post_length(limit: int, saved: str, text: str) -> None:
    """Raise ValidationError if `text` is longer than `limit` characters, unless it is the `saved` text."""
    if text == saved:
        return
    excess = len(text) - limit
    if excess > 0:
        message = ngettext("%(excess)d character too long", "%(excess)d characters too long", excess)
        raise ValidationError(message, code="too_long", params={"excess": excess})


class PostBodyField(TextField):
    """The text of a post. Forms must call `set_room`."""

    default_error_messages = {"required": _("Write something first.")}

    def set_room(self, room, saved=""):
        """Limit the length to that of posts in `room`. A longer `saved` text can only be made shorter."""
        self.limit = max(room.post_limit, len(saved) - 1)
        # Not `maxlength`: browsers would cut off a long text without an error.
        self.validators.append(partial(validate_post_length, self.limit, saved))


class PostForm(forms.Form):
    """A new post or reply in `room`. `user` is its author. A script `keeps_file` if another field has an error.

    Not a ModelForm: building and validating a model instance would add to the cost of each post.
    """

    body = PostBodyField(label=_("Your post"))
    reply_to = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    attachment = forms.FileField(required=False)
    alt = LineField(required=False, max_length=200)

    def __init__(self, *args, room, user, keeps_file=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.room, self.user, self.keeps_file = room, user, keeps_file
        self.fields["body"].set_room(room)

    def clean_reply_to(self):
        """Return the post in the room that this one replies to, or None."""
        if not self.cleaned_data["reply_to"]:
            return None
        posts = Post.objects.in_room(self.room).not_removed()
        post = posts.filter(pk=read_id(self.cleaned_data["reply_to"])).first()
        if post is None:
            error = _("The post you were replying to has been deleted. Post again to send your text without the reply.")
            raise ValidationError(error, code="invalid_choice")
        return post

    def clean(self):
        """Read the picture or the file only if the other fields are valid, because a picture takes time to decode."""
        cleaned = super().clean()
        if not cleaned.get("attachment") or (self.errors and self.keeps_file):
            return cleaned
        if self.errors:
            error = _("Choose the picture or file again. It is not saved until all fields are correct.")
            raise ValidationError({"attachment": ValidationError(error, code="choose_again")})
        if not access.allows_attachments(self.room):
            raise ValidationError({"attachment": ValidationError(AttachmentsOff.message, code="attachments_off")})
        try:
            cleaned["attachment"] = read_upload(cleaned["attachment"], access.may_post_files(self.user))
        except ValidationError as error:
            raise ValidationError({"attachment": error}) from error
        return cleaned


class PostEditForm(forms.Form):
    """The new text of `post`. `loaded` identifies the text that the user started with."""

    body = PostBodyField(label=_("Your post"), widget=forms.Textarea(attrs={"rows": 3}))
    loaded = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, post):
        super().__init__(data, initial={"body": post.body, "loaded": post.body_hash})
        self.fields["body"].set_room(post.room, saved=post.body)

    def add_conflict(self, post):
        """Add an error because `post` has been changed, and accept its text as the one that the user has seen."""
        message = _("This post has been changed since you opened it. It is now: “%(text)s” Save again to replace it.")
        self.add_error("body", ValidationError(message, code="changed", params={"text": isolate(post.body)}))
        self.data = self.data.copy()
        self.data["loaded"] = post.body_hash


class CursorForm(forms.Form):
    """The part of a conversation to show, and the post to reply to: ids of posts.

    In a request for updates, `after` is a revision of the room.
    """

    before = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    after = forms.IntegerField(required=False, min_value=0, max_value=MAX_ID)
    at = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)

    def clean(self):
        cursors = super().clean()
        if len([name for name in ("before", "after", "at") if cursors.get(name) is not None]) > 1:
            raise ValidationError("Use only one of before, after and at.", code="cursors")
        return cursors


class DeletionForm(forms.Form):
    """Confirm the deletion of the user's own post."""


class RemovalForm(forms.Form):
    """The reason for the removal of another user's post, or of a member, for the audit log."""

    reason = LineField(
        label=_("Reason (optional)"),
        required=False,
        max_length=200,
        help_text=_("Saved in the audit log, which administrators can read."),
    )
