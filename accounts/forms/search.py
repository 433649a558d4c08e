"""Search for users."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import LineField


class SearchForm(forms.Form):
    q = LineField(label=_("Search by name or location"), required=False, max_length=60, widget=forms.SearchInput)

    @property
    def query(self) -> str:
        """The text to search for, "" if it is not valid."""
        return self.cleaned_data["q"] if self.is_valid() else ""
