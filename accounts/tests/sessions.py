"""Helpers for tests of sessions."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import update_last_login
from django.test import Client

from accounts.sessions import SessionStore
from accounts.tests.factories import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def signed_in_client(user, user_agent=FIREFOX):
    """Return a client that signed in through the form."""
    client = Client()
    response = client.post(
        "/login/", {"username": user.username, "password": PASSWORD}, headers={"User-Agent": user_agent}
    )
    assert response.status_code == 302
    return client


def create_session(user):
    """Return the key of a new session of `user`. This takes less than half the time of `Client.force_login`."""
    update_last_login(None, user)
    session = SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
