"""Helpers for tests of the audit log."""

import json

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.audit import reason_of
from posts.models import Post


def audit_entries(post):
    """Return (username, action flag, changed fields, reason) for each log entry of `post`."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Post), object_id=str(post.pk)
    ).order_by("pk")
    return [
        (entry.user.username, entry.action_flag, message[action].get("fields", []), reason_of(entry))
        for entry in entries
        for message in json.loads(entry.change_message)
        for action in {"added", "changed", "deleted"} & message.keys()
    ]
