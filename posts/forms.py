"""What people write: validation here, consequences in `actions`."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.fields import LineField, TextField
from accounts.forms import form_helper
from accounts.text import read_id
from posts.models import Post


class PostBodyField(TextField):
    """A post's text: clean, and within the limit that the settings give, in characters as people count them."""

    default_error_messages = {"required": _("Write something first.")}

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.validators.append(
            _PostLengthValidator(
                lambda: settings.POST_MAX_LENGTH,
                ngettext_lazy(
                    "A post may have %(limit_value)d character. This one has %(show_value)d.",
                    "A post may have %(limit_value)d characters. This one has %(show_value)d.",
                    "limit_value",
                ),
            )
        )

    def widget_attrs(self, widget):
        # Counted by `data-`, not by `maxlength`: what is too long is kept and said, never cut off silently.
        return super().widget_attrs(widget) | {"rows": 1, "data-limit": settings.POST_MAX_LENGTH}


class _PostLengthValidator(MaxLengthValidator):
    code = "too_long"


class PostForm(forms.Form):
    """A new post, or a reply: clean text for `write_post`.

    A plain form: what a ModelForm would prepare and check of a row beside that, it would do for each post anew.
    """

    body = PostBodyField(label=_("Your post"))
    reply_to = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, room, **kwargs):
        super().__init__(*args, **kwargs)
        self.room = room

    def clean_reply_to(self):
        """Return the post that is replied to, one that stands in this room, or None."""
        if not self.cleaned_data["reply_to"]:
            return None
        posts = Post.objects.in_room(self.room).not_removed()
        post = posts.filter(pk=read_id(self.cleaned_data["reply_to"])).first()
        if post is None:
            raise ValidationError(_("The post that you reply to is gone."), code="invalid_choice")
        return post


class PostEditForm(forms.Form):
    """The new text of a post."""

    body = PostBodyField(label=_("Your post"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["rows"] = 3
        self.helper = form_helper(_("Save"), "body")


class RemovalForm(forms.Form):
    """Why somebody's post is taken away: for the record, and for whoever asks later."""

    reason = LineField(
        label=_("Why is it removed?"),
        required=False,
        max_length=200,
        help_text=_("Kept in the record that administrators read."),
    )


class CursorForm(forms.Form):
    """Which part of a conversation is asked for: ids of posts, and nothing that is not one."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    reply_to = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean(self):
        cursors = super().clean()
        if len([name for name in ("before", "after", "at") if cursors.get(name) is not None]) > 1:
            raise ValidationError("One of before, after and at.", code="cursors")
        return cursors
