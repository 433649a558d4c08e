"""The admin of the audit log."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from accounts.admin.base import ReadOnlyAdmin, changelist_url
from accounts.admin.filters import ConditionFilter, TextFilter, UserFilter, user_filter
from accounts.audit import ADDITION, CHANGE, DELETION, fields_of, reason_of
from accounts.models import Session, User

ACTIONS = {ADDITION: gettext_lazy("Created"), CHANGE: gettext_lazy("Changed"), DELETION: gettext_lazy("Deleted")}

# Django's names are "log entry" and "log entries".
LogEntry._meta.verbose_name = gettext_lazy("audit log entry")
LogEntry._meta.verbose_name_plural = gettext_lazy("audit log")


class AffectedUserFilter(UserFilter):
    """Filter the audit log by affected user."""

    title = gettext_lazy("affected user")
    parameter_name = "about"

    def rows_of(self, queryset, user_id):
        return queryset.filter(is_about(user_id))


class ActorOrAffectedUserFilter(UserFilter):
    """Filter the audit log by actor or affected user, in one list."""

    def rows_of(self, queryset, user_id):
        return queryset.filter(Q(user=user_id) | is_about(user_id))


def is_about(user_id) -> Q:
    """Return the condition for entries about a user."""
    return Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user_id))


class ActionFilter(ConditionFilter):
    """Filter the audit log by action: created, changed or deleted."""

    title = gettext_lazy("action")
    parameter_name = "action_flag__exact"
    conditions = {str(flag): (label, Q(action_flag=flag)) for flag, label in ACTIONS.items()}


class ItemTypeFilter(ConditionFilter):
    """Filter the audit log by type of item. The values are model labels."""

    title = gettext_lazy("item type")
    parameter_name = "kind"

    @cached_property
    def conditions(self):
        models = [model for model in apps.get_models() if admin.site.is_registered(model) and not model._meta.proxy]
        return {
            model._meta.label_lower: (capfirst(model._meta.verbose_name), Q(content_type=content_type))
            for model, content_type in ContentType.objects.get_for_models(*models).items()
            if model not in (LogEntry, Session)
        }


class ItemIdFilter(TextFilter):
    """Filter the audit log by the id of the item."""

    title = gettext_lazy("item ID")
    parameter_name = "number"

    def search(self, queryset, text):
        return queryset.filter(object_id=text)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """The audit log, read-only."""

    list_display = ("time", "actor", "action", "item_type", "item", "fields_changed", "reason")
    sortable_by = ("time",)  # the other columns would sort all entries
    list_prefetch_related = ("user", "content_type")
    list_filter = (
        ActorOrAffectedUserFilter, user_filter("user", "by", gettext_lazy("actor")), AffectedUserFilter, ActionFilter,
        ItemTypeFilter, ItemIdFilter, "action_time",
    )  # fmt: skip
    search_fields = ("object_repr", "change_message", "user__username")
    search_help_text = gettext_lazy("Item, changed fields, reason or username of the actor")
    fields = list_display
    readonly_fields = fields

    @admin.display(description=LogEntry._meta.get_field("action_time").verbose_name, ordering="pk")
    def time(self, entry):
        """The time of the action. Ids have the same order, and an index."""
        return entry.action_time

    @admin.display(description=gettext_lazy("actor"))
    def actor(self, entry):
        return format_html('<a href="{}">{}</a>', changelist_url(LogEntry, by=entry.user.username), entry.user)

    @admin.display(description=gettext_lazy("action"))
    def action(self, entry):
        return ACTIONS.get(entry.action_flag)

    @admin.display(description=gettext_lazy("item type"))
    def item_type(self, entry):
        model = model_of(entry)
        return model and capfirst(model._meta.verbose_name)

    @admin.display(description=gettext_lazy("item"))
    def item(self, entry):
        url = entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description=gettext_lazy("changed fields"))
    def fields_changed(self, entry):
        model = model_of(entry)
        return ", ".join(field_label(model, name) for name in fields_of(entry))

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, entry):
        return reason_of(entry)


def model_of(entry):
    """Return the model of the item, or None if it no longer exists."""
    return entry.content_type and entry.content_type.model_class()


def field_label(model, name) -> str:
    """Return the label of a field, or `name` if it is not a field of `model`."""
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (AttributeError, FieldDoesNotExist):
        return name
