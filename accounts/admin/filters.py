"""Filters for the sidebar of a list."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class TextFilter(admin.ListFilter):
    """A filter into which one types, for what is too many to list. `find` narrows the queryset to what was typed."""

    template = "admin/text_filter.html"
    parameter_name = None

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.text = params.pop(self.parameter_name, [""])[-1].strip()
        self.kept = []

    def has_output(self):
        return True

    def expected_parameters(self):
        return [self.parameter_name]

    def choices(self, changelist):
        """Yield the way back; keep the page's other filters for the form that asks for this one."""
        lists = changelist.filter_params.items()
        self.kept = [(name, value) for name, values in lists if name != self.parameter_name for value in values]
        if self.text:
            yield {"query_string": changelist.get_query_string({self.parameter_name: None}), "display": _("All")}

    def queryset(self, request, queryset):
        return self.find(queryset, self.text) if self.text else queryset

    def find(self, queryset, text):
        """Return those of `queryset` that `text` is about."""
        raise NotImplementedError


class PersonFilter(TextFilter):
    """One person, by username in any case. `path` leads to the person from the model that is listed."""

    title = gettext_lazy("person (username)")
    parameter_name = "person"
    path = "user"

    def find(self, queryset, text):
        # The id first, and not a join: every database then goes by the index on the person.
        person = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if person is None else queryset.filter(**{self.path: person})


class ConditionFilter(admin.SimpleListFilter):
    """A filter by named conditions: `conditions` is {name: (text, Q)}."""

    conditions = {}

    def lookups(self, request, model_admin):
        return [(name, text) for name, (text, _condition) in self.conditions.items()]

    def queryset(self, request, queryset):
        condition = self.conditions.get(self.value())
        return queryset.filter(condition[1]) if condition else queryset
