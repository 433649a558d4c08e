"""Django's database sessions with the user in a column, so that a user's sessions can be listed and ended."""

import re
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

_KEY = re.compile(r"[a-z0-9]{8,40}\Z")


class SessionStore(DatabaseSessionStore):
    """The session engine: `django.contrib.sessions.backends.db` with the model `accounts.Session`."""

    def __init__(self, session_key=None):
        # A cookie can contain any character, such as NUL, which PostgreSQL rejects.
        super().__init__(session_key if session_key and _KEY.match(session_key) else None)

    @classmethod
    def get_model_class(cls):
        from accounts.models import Session

        return Session

    def create_model_instance(self, data):
        """Return the row for `data`, with the user and the device in their own columns."""
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.user_agent = data.get("user_agent", "")
        if "started_at" in data:
            row.started_at = datetime.fromisoformat(data["started_at"])
        return row
