"""Runs `manage.py populate` on a small school with fixed dates."""

import io
from datetime import UTC, datetime

from django.core.management import call_command

UNTIL = "2026-03-20T15:30+00:00"
END = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)


def populate(**options):
    """Run the command, by default with few users and posts, and return its output."""
    out = io.StringIO()
    defaults = {
        "students": 12,
        "teachers": 4,
        "posts": 250,
        "seed": 3,
        "until": UNTIL,
        "with_published_password": True,
    }
    call_command("populate", stdout=out, **(defaults | options))
    return out.getvalue()
