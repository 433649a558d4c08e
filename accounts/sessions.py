"""Django's database sessions, each with the person whose session it is."""

import re
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

_KEY = re.compile(r"[a-z0-9]{8,40}\Z")


class SessionStore(DatabaseSessionStore):
    """The session engine: `django.contrib.sessions.backends.db`, with a model that names its person."""

    @classmethod
    def get_model_class(cls):
        from accounts.models import Session

        return Session

    def create_model_instance(self, data):
        """Return the row for `data`, with the person and the device in columns of their own."""
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.user_agent = data.get("user_agent", "")
        if "started_at" in data:
            row.started_at = datetime.fromisoformat(data["started_at"])
        return row

    def _validate_session_key(self, key):
        # A cookie can hold any character, a NUL written as "\000" among them, which PostgreSQL refuses.
        return bool(key) and _KEY.match(key) is not None
