"""The base class of the model admins, and URLs of lists."""

from functools import partialmethod

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.db.models import DateTimeField
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.bulk_actions import selected_values
from accounts.audit import ADDITION, CHANGE, DELETION, record
from accounts.text import clean_line, read_id
from config.outages import is_outage
from config.transactions import operation

MAX_SEARCH_LENGTH = 200  # characters; SQLite rejects a condition with more than a thousand terms


class IdAutocomplete(AutocompleteSelect):
    """Django's autocomplete field, which does not query the database for submitted values that are not ids."""

    def build_attrs(self, *args, **kwargs):
        # Screen readers read the placeholder as the name of an empty field.
        return super().build_attrs(*args, **kwargs) | {"data-placeholder": capfirst(self.field.verbose_name)}

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [choice for choice in value if read_id(choice)], attr)


class LabelledDateTime(AdminSplitDateTime):
    """Django's fields for a date and a time, with names for screen readers."""

    def get_context(self, *args):
        context = super().get_context(*args)
        for part, label in zip(
            context["widget"]["subwidgets"], (context["date_label"], context["time_label"]), strict=True
        ):
            part["attrs"]["aria-label"] = label.rstrip(":")
        return context


class SortableChangeList(ChangeList):
    """A list that the query string sorts by the columns in `sortable_by` only. Django hides the other links only."""

    def get_ordering_field(self, field_name):
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None


class AuditedAdmin(admin.ModelAdmin):
    """Base class: writes one audit log entry for each change and offers bulk actions as buttons on an object's page."""

    change_form_template = "admin/audited_change_form.html"
    formfield_overrides = {DateTimeField: {"widget": LabelledDateTime}}
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    list_select_related = ()
    is_id = staticmethod(read_id)  # whether a selected value can be an id
    irreversible_actions = ()  # names of bulk actions, whose buttons look different
    list_prefetch_related = ()  # not joined: MariaDB would start with the other table and sort all rows of this one
    ordering = ("-pk",)

    # --- Lists ---

    @admin.display(description=gettext_lazy("created"), ordering="pk")
    def created(self, obj):
        """The date of creation, for large tables: ids have the same order, and an index."""
        return obj.created_at

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(*self.list_prefetch_related)

    def get_changelist(self, request, **kwargs):
        return SortableChangeList

    def get_changelist_instance(self, request):
        """Redirect to the unfiltered list if a filter is not allowed or its value is out of range.

        Django shows a page with the title "Database error" if that happens on the unfiltered list, and hides outages.
        """
        try:
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, SuspiciousOperation, OverflowError, DataError) as error:
            if is_outage(error.__context__):
                raise error.__context__ from error.__context__.__cause__
            if ERROR_FLAG in request.GET:
                raise BadRequest("the query string is not valid") from error
            raise IncorrectLookupParameters from error

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def lookup_allowed(self, lookup, value, request=None):
        """Allow only what the filters use. Any other lookup could be slow, fail or reveal a secret."""
        if lookup in [getattr(item, "parameter_name", None) for item in self.list_filter]:
            return "\0" not in value
        name, _separator, kind = lookup.partition("__")
        if name not in self.list_filter:
            return False
        if choices := self.opts.get_field(name).choices:
            return kind == "exact" and value in [str(choice) for choice, _label in choices]
        return kind in ("gte", "lt")  # a date

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, clean_search(search_term))

    # --- Saving, deletion and the audit log ---

    def save_model(self, request, obj, form, change):
        if change:
            self.save_fields(request, obj, form.changed_data)
        else:
            obj.save(force_insert=True)
            record(request.user, obj, ADDITION)

    def save_fields(self, request, obj, names):
        """Save only the named fields, so that concurrent changes to other fields are not overwritten."""
        if names:
            automatic = [field.name for field in self.opts.concrete_fields if getattr(field, "auto_now", False)]
            obj.save(update_fields=[*names, *automatic])
            record(request.user, obj, CHANGE, names)

    def delete_model(self, request, obj):
        record(request.user, obj, DELETION)
        obj.delete()

    @operation
    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def log_addition(self, request, obj, message=""):
        """Do nothing: the methods that save and delete also write the audit log."""

    log_change = log_deletions = log_addition

    def history_view(self, request, object_id, extra_context=None):
        """Redirect to the audit log of this object. It includes changes that were made through a proxy model."""
        return redirect(audit_log_url(self.model, unquote(object_id)))

    # --- Forms ---

    def get_changeform_initial_data(self, request):
        """Ignore the query string, whose values can be invalid."""
        return {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return a form with the fields that the user submitted before signing in, if there are any."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "is_restored", False):
            return type(form.__name__, (form,), {"__init__": partialmethod(form.__init__, request.POST)})
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = IdAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show a form error if another request takes a unique value first: validating again finds the conflict."""
        try:
            return in_operation(request, super().changeform_view)(request, object_id, form_url, extra_context)
        except IntegrityError:
            return in_operation(request, super().changeform_view)(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        return in_operation(request, super().delete_view)(request, object_id, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {}
        if (obj := self.get_object(request, unquote(object_id))) is not None:
            links = [*self.links_for(request, obj), (_("Audit log"), audit_log_url(self.model, obj.pk))]
            context = {"buttons": self.buttons_for(request, obj), "irreversible": self.irreversible_actions}
            context["links"] = links
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def buttons_for(self, request, obj) -> list[tuple[str, str]]:
        """Return (name, label) of each bulk action that applies to `obj`."""
        objects = self.get_queryset(request).filter(pk=obj.pk)
        return [
            (name, label)
            for action, name, label in self.get_actions(request).values()
            if name != "delete_selected" and action.limit(request, objects).exists()
        ]

    def links_for(self, request, obj) -> list[tuple[str, str]]:
        """Return (text, URL) of each list that belongs to `obj`."""
        return []

    # --- Bulk actions ---

    def response_action(self, request, queryset):
        """Reject a selection with values that are not ids, which Django would pass to the database."""
        if not all(self.is_id(value) for value in selected_values(request)):
            message = _("The selection is not valid. Nothing has been changed.")
            return self.message_user(request, message, messages.WARNING)
        return super().response_action(request, queryset)


class ReadOnlyAdmin(AuditedAdmin):
    """Base class of the admins of objects that only the site itself creates, changes and deletes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def clean_search(text) -> str:
    """Return the search terms in the form in which texts are stored, and not too many of them."""
    return clean_line(text[:MAX_SEARCH_LENGTH])


def in_operation(request, view):
    """Return `view`, with the transaction and the retry of an operation if the request can write."""
    return operation(view) if request.method == "POST" else view


def changelist_url(model, **filters) -> str:
    """Return the URL of the list of `model`, filtered."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{url}?{urlencode(filters)}" if filters else url


def audit_log_url(model, pk) -> str:
    """Return the URL of the audit log entries about the object of `model` with the id `pk`."""
    return changelist_url(LogEntry, kind=model._meta.concrete_model._meta.label_lower, number=pk)
