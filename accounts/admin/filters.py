"""Filters for the sidebar of a list."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy

from accounts.models import User


class ConditionFilter(admin.SimpleListFilter):
    """A filter by named conditions: `conditions` maps a query value to its label and its Q object."""

    title = gettext_lazy("state")
    parameter_name = "state"
    conditions = {}

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _condition) in self.conditions.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in self.conditions:
            raise IncorrectLookupParameters
        _label, condition = self.conditions[self.value()]
        return queryset.filter(condition)


class TextFilter(admin.SimpleListFilter):
    """A filter with a text field, for fields with too many values to list. Subclasses implement `search`."""

    template = "admin/text_filter.html"
    placeholder = ""

    def lookups(self, request, model_admin):
        return [("", "")]  # Django hides a filter without choices

    def choices(self, changelist):
        """Yield the link that clears the filter, and the other filters of the page, for the form to resubmit."""
        others = {name: values for name, values in changelist.filter_params.items() if name != self.parameter_name}
        yield {
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "others": [(name, value) for name, values in others.items() for value in values],
        }

    def queryset(self, request, queryset):
        text = (self.value() or "").strip()
        return self.search(queryset, text) if text else queryset

    def search(self, queryset, text):
        """Return the rows of `queryset` that match `text`."""
        raise NotImplementedError


class UserFilter(TextFilter):
    """A filter by username, ignoring case. `field` is the lookup from the listed model to the user."""

    title = gettext_lazy("person")
    parameter_name = "person"
    placeholder = gettext_lazy("Username")
    field = "user"

    def search(self, queryset, text):
        # A query for the id instead of a join, so that every database uses the index on the user's column.
        user_id = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if user_id is None else self.rows_of(queryset, user_id)

    def rows_of(self, queryset, user_id):
        """Return the rows of `queryset` that belong to the user."""
        return queryset.filter(**{self.field: user_id})


def user_filter(field, parameter_name, title) -> type[UserFilter]:
    """Return a filter by the user in `field`."""
    return type("UserFilter", (UserFilter,), {"field": field, "parameter_name": parameter_name, "title": title})
