"""The part of a conversation that a request selects."""

from django import forms
from django.core.exceptions import ValidationError


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
