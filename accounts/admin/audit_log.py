"""The admin of the audit log."""

import json

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from accounts.admin.base import RecordedAdmin, list_address
from accounts.admin.filters import PersonFilter, TextFilter
from accounts.audit import reason_of
from accounts.models import Session, User


class ActorFilter(PersonFilter):
    """Who did it."""

    title = gettext_lazy("who did it (username)")
    parameter_name = "by"


class AboutFilter(PersonFilter):
    """To whom it was done."""

    title = gettext_lazy("to whom (username)")
    parameter_name = "about"

    def find(self, queryset, text):
        person = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        return queryset.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person))


class TrailFilter(PersonFilter):
    """Whose trail it is: what they did, and what was done to them, in one list."""

    title = gettext_lazy("by or to (username)")

    def find(self, queryset, text):
        person = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        to_them = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person))
        return queryset.none() if person is None else queryset.filter(Q(user=person) | to_them)


class KindFilter(admin.SimpleListFilter):
    """What kind of thing it was done to."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        models = [model for model in model_admin.admin_site._registry if not model._meta.proxy]
        self.models = {model._meta.label_lower: model for model in models if model not in (LogEntry, Session)}
        return [(name, capfirst(model._meta.verbose_name)) for name, model in self.models.items()]

    def queryset(self, request, queryset):
        model = self.models.get(self.value())
        return queryset.filter(content_type=ContentType.objects.get_for_model(model)) if model else queryset


class NumberFilter(TextFilter):
    """The one thing with this number."""

    title = gettext_lazy("number of the thing")
    parameter_name = "number"

    def find(self, queryset, text):
        return queryset.filter(object_id=text)


@admin.register(LogEntry)
class LogEntryAdmin(RecordedAdmin):
    """The one trail: who did what to whom, when, and why. Nobody writes here."""

    list_display = ("action_time", "who", "action_flag", "kind", "thing", "fields_changed", "reason")
    list_select_related = ("user", "content_type")
    list_filter = (TrailFilter, ActorFilter, AboutFilter, "action_flag", KindFilter, NumberFilter)
    search_fields = ("object_repr", "change_message", "user__username")
    search_help_text = gettext_lazy("What it was done to, fields, reason, or who did it")
    date_hierarchy = "action_time"
    fields = ("action_time", "who", "action_flag", "kind", "thing", "fields_changed", "reason")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("who"), ordering="user")
    def who(self, entry):
        return format_html('<a href="{}">{}</a>', list_address(LogEntry, by=entry.user.username), entry.user)

    @admin.display(description=gettext_lazy("kind"), ordering="content_type")
    def kind(self, entry):
        model = entry.content_type and entry.content_type.model_class()
        return model and capfirst(model._meta.verbose_name)

    @admin.display(description=gettext_lazy("thing"))
    def thing(self, entry):
        address = entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr

    @admin.display(description=gettext_lazy("fields changed"))
    def fields_changed(self, entry):
        model = entry.content_type and entry.content_type.model_class()
        return ", ".join(_field_name(model, name) for name in _fields_of(entry))

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, entry):
        return reason_of(entry)


def _fields_of(entry):
    """List the names of the fields that `entry` says were changed."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    parts = parts if isinstance(parts, list) else []
    changed = [part["changed"] for part in parts if isinstance(part, dict) and isinstance(part.get("changed"), dict)]
    return [str(name) for change in changed for name in change.get("fields", ())]


def _field_name(model, name):
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (AttributeError, FieldDoesNotExist):
        return name
