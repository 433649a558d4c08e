"""Helpers for tests of the audit log."""

import json

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.audit import reason_of
from posts.models import Post


def records(post):
    """List (who, what they did, fields, reason) of what is on record about a post."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Post), object_id=str(post.pk)
    ).order_by("pk")
    return [
        (entry.user.username, entry.action_flag, message[verb].get("fields", []), reason_of(entry))
        for entry in entries
        for message in json.loads(entry.change_message)
        for verb in {"added", "changed", "deleted"} & message.keys()
    ]
