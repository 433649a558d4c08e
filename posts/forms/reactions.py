"""The form of a reaction."""

from django import forms

from posts.models import Emoji

EMOJI = {emoji.character: emoji for emoji in Emoji}


class ReactionForm(forms.Form):
    """An `emoji`, and whether it is `wanted` (None: the opposite of now)."""

    emoji = forms.TypedChoiceField(choices=[(character, character) for character in EMOJI], coerce=EMOJI.get)
    wanted = forms.NullBooleanField(required=False)
