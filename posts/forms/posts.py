"""Forms for posts."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.fields import LineField, TextField
from accounts.text import read_id
from posts.models import Post


def validate_post_length(text: str) -> None:
    """Raise ValidationError if `text` is longer than the setting POST_MAX_LENGTH."""
    excess = len(text) - settings.POST_MAX_LENGTH
    if excess > 0:
        message = ngettext("%(excess)d character too long", "%(excess)d characters too long", excess)
        raise ValidationError(message, code="too_long", params={"excess": excess})


class PostBodyField(TextField):
    """The text of a post."""

    default_error_messages = {"required": _("Write something first.")}
    default_validators = [validate_post_length]

    def widget_attrs(self, widget):
        # Not `maxlength`: browsers would cut off a long text without an error.
        return super().widget_attrs(widget) | {"rows": 1, "data-limit": settings.POST_MAX_LENGTH}


class PostForm(forms.Form):
    """A new post or reply in `room`.

    Not a ModelForm: building and validating a model instance would add to the cost of each post.
    """

    body = PostBodyField(label=_("Your post"))
    reply_to = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, room, **kwargs):
        super().__init__(*args, **kwargs)
        self.room = room

    def clean_reply_to(self):
        """Return the post in the room that this one replies to, or None."""
        if not self.cleaned_data["reply_to"]:
            return None
        posts = Post.objects.in_room(self.room).not_removed()
        post = posts.filter(pk=read_id(self.cleaned_data["reply_to"])).first()
        if post is None:
            raise ValidationError(_("The post you are replying to has been deleted."), code="invalid_choice")
        return post


class PostEditForm(forms.Form):
    """The new text of a post."""

    body = PostBodyField(label=_("Your post"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 3


class DeletionForm(forms.Form):
    """Confirm the deletion of the user's own post."""


class RemovalForm(forms.Form):
    """The reason why a moderator removes another user's post, for the audit log."""

    reason = LineField(
        label=_("Reason (optional)"),
        required=False,
        max_length=200,
        help_text=_("Saved in the audit log, which administrators can read."),
    )
