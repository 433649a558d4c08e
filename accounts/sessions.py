"""Django's database sessions with the user in a column, so that a user's sessions can be listed and ended.

Sessions on a shared device end SHARED_DEVICE_AGE seconds after the last activity of the user.
"""

import re
import time
from datetime import datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError
from django.utils import timezone

from config.outages import is_outage
from config.transactions import delete_in_chunks, writing

ACTIVITY_SECONDS = 60  # between two extensions of a session on a shared device, so that few requests write
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

    @classmethod
    def clear_expired(cls):
        """Delete expired sessions without blocking other writers."""
        delete_in_chunks(cls.get_model_class().objects.filter(expire_date__lt=timezone.now()))

    def get_session_cookie_age(self):
        """Return the maximum age of a session that ends with the browser."""
        return settings.SHARED_DEVICE_AGE if self.get("shared_device") else super().get_session_cookie_age()

    def record_activity(self):
        """Record the time in a session on a shared device. The session is saved with the response, which extends it."""
        if self.get("shared_device") and not 0 <= time.time() - self.get("active_at", 0) < ACTIVITY_SECONDS:
            self["active_at"] = int(time.time())

    def save(self, must_create=False):
        """Save the session. In an outage, raise the error of the database, unless only the last activity is lost.

        Django raises UpdateError instead, which redirects to the sign-in page as if the session had ended.
        """
        try:
            with writing():
                super().save(must_create)
        except (UpdateError, DatabaseError) as error:
            cause = error.__context__ if isinstance(error, UpdateError) else error
            if not is_outage(cause):
                raise
            if self.load() | {"active_at": self.get("active_at")} != dict(self.items()):
                raise cause from cause.__cause__

    def delete(self, session_key=None):
        """Delete the session, in turn with other writers."""
        with writing():
            super().delete(session_key)

    def create_model_instance(self, data):
        """Return the row for `data`, with the user and the device in their own columns."""
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.user_agent = data.get("user_agent", "")
        if "started_at" in data:
            row.started_at = datetime.fromisoformat(data["started_at"])
        return row
