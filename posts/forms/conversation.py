"""The query string of a conversation."""

from django import forms
from django.core.exceptions import ValidationError

from posts.models.post import MAX_ID


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
