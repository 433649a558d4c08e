"""The record of operations: Django's own admin log, written by everybody's deeds and not the admin's alone."""

import json

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType

__all__ = ["ADDITION", "CHANGE", "DELETION", "entry", "record"]

_KIND = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}


def entry(actor, obj, action, fields=(), reason=""):
    """Return an unsaved LogEntry: `actor` did `action` to `obj`, touching `fields`, for `reason`.

    The message is in the form that the admin writes and translates, with the reason beside it.
    """
    details = {
        ADDITION: {},
        CHANGE: {"fields": list(fields)},
        DELETION: {"name": str(obj._meta.verbose_name), "object": str(obj)},
    }
    message = [{_KIND[action]: details[action]}]
    if reason:
        message.append({"reason": reason})
    return LogEntry(
        user_id=actor.pk,
        content_type=ContentType.objects.get_for_model(obj._meta.concrete_model),
        object_id=str(obj.pk),
        object_repr=str(obj)[:200],
        action_flag=action,
        change_message=json.dumps(message, ensure_ascii=False),  # as the admin's search looks for it
    )


def record(actor, obj, action, fields=(), reason=""):
    """Write down that `actor` did `action` (ADDITION, CHANGE or DELETION) to `obj`."""
    entry(actor, obj, action, fields, reason).save(force_insert=True)


def reason_of(log_entry):
    """Return the reason that was given for what `log_entry` records, "" when none was asked."""
    try:
        message = json.loads(log_entry.change_message)
    except ValueError:
        return ""
    parts = message if isinstance(message, list) else []
    return next((part["reason"] for part in parts if isinstance(part, dict) and "reason" in part), "")
