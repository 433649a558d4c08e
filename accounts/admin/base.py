"""The base class of the site's model admins."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.admin.changelist import QuickChangeList
from accounts.admin.forms import ReasonForm
from accounts.audit import ADDITION, CHANGE, DELETION, entry, record
from accounts.text import read_id

LISTED_IN_A_QUESTION = 20


def is_id(value):
    """Whether a sent `value` can be asked for as a primary key in every database."""
    return read_id(str(value)) is not None


class IdAutocomplete(AutocompleteSelect):
    """Django's autocomplete, without asking the database for a choice that is no id when the form comes back."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [choice for choice in value if is_id(choice)], attr)


class RecordedAdmin(admin.ModelAdmin):
    """What all lists and forms here share: one entry in the log for each deed, a question before what hurts, speed."""

    change_form_template = "admin/recorded_change_form.html"
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    ordering = ("-pk",)

    def get_changelist(self, request, **kwargs):
        return QuickChangeList

    # --- The log ---

    def construct_change_message(self, request, form, formsets, add=False):
        """Return the names of the changed fields, which is what `accounts.audit` takes."""
        return form.changed_data

    def log_addition(self, request, obj, fields):
        record(request.user, obj, ADDITION)

    def log_change(self, request, obj, fields):
        if fields:
            record(request.user, obj, CHANGE, fields)

    def log_deletions(self, request, queryset):
        LogEntry.objects.bulk_create(entry(request.user, obj, DELETION) for obj in queryset)

    def history_view(self, request, object_id, extra_context=None):
        """Show the part of the one trail that is about this object, whichever proxy it was changed through."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return redirect(trail_of(obj))

    # --- Forms ---

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = IdAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Write what the form changed and no more: what happened meanwhile (a revision, a role) stays."""
        if not change:
            obj.save(force_insert=True)
        elif fields := [name for name in form.changed_data if name in form._meta.fields]:
            stamps = [field.name for field in self.opts.concrete_fields if getattr(field, "auto_now", False)]
            obj.save(update_fields=[*fields, *stamps])

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Answer a race for a name with the form and its error: looked at again, the form finds who was faster."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        offered = {} if obj is None else {"verbs": self.verbs_for(request, obj), "links": self.links_for(request, obj)}
        return super().change_view(request, object_id, form_url, {**offered, **(extra_context or {})})

    def verbs_for(self, request, obj):
        """List (action, description) of the actions that make sense for `obj`, for the buttons on its page."""
        if not self.has_change_permission(request, obj):
            return []
        verbs = [(name, text) for _func, name, text in self.get_actions(request).values() if name != "delete_selected"]
        return [(name, text) for name, text in verbs if self.is_offered(request, obj, name)]

    def is_offered(self, request, obj, verb):
        """Whether the button for the action `verb` stands on the page of `obj`."""
        return True

    def links_for(self, request, obj):
        """List (text, address) of the lists that belong to `obj`."""
        return []

    # --- Bulk actions ---

    def response_action(self, request, queryset):
        """Refuse a choice that holds anything but ids, which Django would take to the database."""
        if not all(is_id(value) for value in chosen_values(request)):
            self.message_user(request, _("That was no choice from this list. Nothing is changed."), messages.WARNING)
            return None
        return super().response_action(request, queryset)

    def ask(self, request, chosen, act, *, action, question, consequence, done, form_class=ReasonForm, left_out=0):
        """Ask once more, with a reason, before `act(chosen, cleaned_data)` is called, which returns how many it was.

        `chosen` is a queryset; `done` says with a number what happened. What was confirmed is what was shown: when
        the choice is another one by then (a filter that fits more people now), the question comes again.
        """
        number = chosen.count()
        if not number:
            self.message_user(request, _("There is nothing to do for what you chose."), messages.WARNING)
            return None
        confirmed = request.POST.get("confirmed")
        form = form_class(request.POST if confirmed else None)
        if confirmed == str(number) and form.is_valid():
            self.message_user(request, done % act(chosen, form.cleaned_data), messages.SUCCESS)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": question,
            "consequence": consequence,
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "action": action,
            "number": number,
            "left_out": left_out,
            "listed": chosen[:LISTED_IN_A_QUESTION],
            "more": max(0, number - LISTED_IN_A_QUESTION),
            "changed_meanwhile": bool(confirmed) and confirmed != str(number),
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": chosen_values(request),
            "select_across": request.POST.get("select_across") == "1",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/action_ask.html", context)


def chosen_values(request):
    """Return what the list's boxes, or the question's form, sent as chosen."""
    return request.POST.getlist(ACTION_CHECKBOX_NAME)


def list_address(model, **filters):
    """Return the address of the admin's list of `model`, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def trail_of(obj):
    """Return the address of the log of everything done to `obj`."""
    return list_address(LogEntry, kind=obj._meta.concrete_model._meta.label_lower, number=obj.pk)
