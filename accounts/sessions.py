"""Django's database sessions, each with the person whose session it is."""

import re
from datetime import datetime
from functools import cache

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from accounts.prepared import PreparedGet

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

    def _get_session_from_db(self):
        # As the base class does, by a query that is compiled once: every page of somebody signed in begins with it.
        session = _by_key()(session_key=self.session_key)
        if session is None or session.expire_date <= timezone.now():
            self._session_key = None
            return None
        return session

    def _validate_session_key(self, key):
        # A cookie can hold any character, a NUL written as "\000" among them, which PostgreSQL refuses.
        return bool(key) and _KEY.match(key) is not None


@cache
def _by_key():
    return PreparedGet(SessionStore.get_model_class(), is_kept=True, session_key="a key holds no spaces")
