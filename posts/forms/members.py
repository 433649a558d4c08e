"""Forms for the members of a room."""

from django import forms

from accounts.validators import validate_year


class RequestsForm(forms.Form):
    """The join requests to accept: those up to the time `until`, which a page has shown, or all."""

    until = forms.DateTimeField(required=False, validators=[validate_year])
