"""Search for people."""

from accounts.forms import SearchForm
from accounts.text import LineField


class PeopleForm(SearchForm):
    """Search for people, in all rooms or in one."""

    room = LineField(required=False)

    @property
    def slug(self) -> str:
        """The slug of the room, or ""."""
        self.is_valid()
        return self.cleaned_data.get("room", "")
