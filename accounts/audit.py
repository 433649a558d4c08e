"""The audit log: Django's admin log, which records operations on the whole site and not only in the admin."""

import json

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType

__all__ = ["ADDITION", "CHANGE", "DELETION", "entry", "fields_of", "reason_of", "record"]

_KINDS = {ADDITION: "added", CHANGE: "changed", DELETION: "deleted"}


def entry(actor, obj, action, fields=(), reason=""):
    """Return an unsaved LogEntry for `action` by `actor` on `obj`, with the changed `fields` and the `reason`.

    The message has the format that Django's admin writes and translates. The reason is a separate part.
    """
    details = {
        ADDITION: {},
        CHANGE: {"fields": list(fields)},
        DELETION: {"name": str(obj._meta.verbose_name), "object": str(obj)},
    }
    message = [{_KINDS[action]: details[action]}]
    if reason:
        message.append({"reason": reason})
    return LogEntry(
        user_id=actor.pk,
        content_type=ContentType.objects.get_for_model(obj._meta.concrete_model),
        object_id=str(obj.pk),
        object_repr=str(obj)[:200],
        action_flag=action,
        change_message=json.dumps(message, ensure_ascii=False),  # unescaped, so that the admin's search finds it
    )


def record(actor, obj, action, fields=(), reason=""):
    """Record `action` (ADDITION, CHANGE or DELETION) by `actor` on `obj`."""
    entry(actor, obj, action, fields, reason).save(force_insert=True)


def fields_of(log_entry: LogEntry) -> list[str]:
    """Return the names of the fields that were changed."""
    changes = [part["changed"] for part in _parts(log_entry) if isinstance(part.get("changed"), dict)]
    return [str(name) for change in changes for name in change.get("fields", ())]


def reason_of(log_entry: LogEntry) -> str:
    """Return the reason that the actor gave, or "" if there is none."""
    return next((part["reason"] for part in _parts(log_entry) if "reason" in part), "")


def _parts(log_entry):
    """Return the parts of the message, or nothing if it does not have the format that `entry` writes."""
    try:
        message = json.loads(log_entry.change_message)
    except ValueError:
        return []
    return [part for part in message if isinstance(part, dict)] if isinstance(message, list) else []
