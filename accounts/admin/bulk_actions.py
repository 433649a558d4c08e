"""Bulk actions of a list.

An action without a question runs immediately. An action with a question first shows a page that lists the selected
objects, explains the consequence and asks for a reason.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.text import LineField
from config.refusals import Refusal

OBJECTS_LISTED = 20
CHUNK = 20  # objects that one transaction changes, so that other writers do not wait long
PAUSE = 0.01  # seconds between chunks; on SQLite, other writers try every millisecond

logger = logging.getLogger(__name__)


class ReasonForm(forms.Form):
    """The form of a confirmation page. `user` is the user who confirms."""

    reason = LineField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Saved in the audit log, which administrators can read."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user


@dataclass(frozen=True)
class BulkAction:
    """Apply `operation` to the selected objects, after confirmation if there is a `question`.

    `operation(model_admin, request, objects, **answers)` runs in one transaction and returns how many objects it
    changed. `objects` is a queryset of some of the objects, or one object if `one_by_one`. `answers` is the cleaned
    data of `form`. `limit(request, queryset)` narrows the selection to the objects that the operation applies to.
    `warn(objects)` returns texts for the confirmation page; with `asks_only_after_warning`, the page is shown only if
    there are any. `done` is an `ngettext_lazy` string for the number of changed objects. Django uses
    `short_description` and `allowed_permissions`.
    """

    operation: Callable
    short_description: str
    done: str
    one_by_one: bool = False
    question: str = ""
    consequence: str = ""
    form: type[ReasonForm] = ReasonForm
    limit: Callable = lambda request, queryset: queryset
    warn: Callable = lambda objects: []
    asks_only_after_warning: bool = False
    allowed_permissions: tuple[str, ...] = ("change",)

    def __call__(self, model_admin, request, selected):
        objects = self.limit(request, selected)
        number = objects.count()
        warnings = self.warn(objects)
        if not number or not self.question or (self.asks_only_after_warning and not warnings):
            return self.run(model_admin, request, objects)
        confirmed = request.POST.get("confirmed")
        form = self.form(request.POST if confirmed else None, user=request.user)
        # The filter may now match other objects. If so, show the page again with them.
        is_unchanged = confirmed == str(number)
        if is_unchanged and form.is_valid():
            return self.run(model_admin, request, objects, **form.cleaned_data)
        request.current_app = model_admin.admin_site.name
        context = {
            **model_admin.admin_site.each_context(request),
            "title": self.question,
            "consequence": self.consequence,
            "label": str(self.short_description).rstrip("…"),
            "opts": model_admin.opts,
            "media": model_admin.media,
            "action": self.operation.__name__,
            "is_irreversible": self.operation.__name__ in model_admin.irreversible_actions,
            "form": form,
            "number": number,
            "warnings": warnings[:OBJECTS_LISTED],
            "excluded": selected.count() - number,
            "selection_changed": bool(confirmed) and not is_unchanged,
            "listed": objects[:OBJECTS_LISTED],
            "more": max(0, number - OBJECTS_LISTED),
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": selected_values(request),
            "select_across": request.POST.get("select_across") == "1",
        }
        return TemplateResponse(request, "admin/action_confirm.html", context)

    def run(self, model_admin, request, objects, **answers):
        """Run the operation and show how many objects it changed, and why it stopped, as messages on the list."""
        number, error = 0, ""
        try:
            for part in self.split(objects):
                number += self.operation(model_admin, request, part, **answers)
        except Refusal as refusal:
            error = str(refusal)
        except Exception:
            logger.exception("Bulk action %s", self.operation.__name__)
            error = _("The action stopped because of an error, and we've logged it.")
        if error:
            model_admin.message_user(request, error, messages.ERROR)
        elif not number:
            message = _("This action does not apply to any of the selected items.")
            model_admin.message_user(request, message, messages.WARNING)
        if number:
            model_admin.message_user(request, self.done % number, messages.WARNING if error else messages.SUCCESS)

    def split(self, objects):
        """Yield the arguments of the operation, each for one transaction."""
        pks = list(objects.values_list("pk", flat=True))
        for start in range(0, len(pks), CHUNK):
            chunk = objects.filter(pk__in=pks[start : start + CHUNK])
            yield from chunk if self.one_by_one else [chunk]
            time.sleep(PAUSE)


def bulk_action(label, **options):
    """Turn a method of a ModelAdmin into a bulk action. The options are the fields of `BulkAction`."""
    return partial(BulkAction, short_description=label, **options)


def selected_values(request) -> list[str]:
    """Return the values of the selected checkboxes, as the list or the confirmation page sent them."""
    return request.POST.getlist(ACTION_CHECKBOX_NAME)
