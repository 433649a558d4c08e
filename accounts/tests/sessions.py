"""Helpers for tests of sessions."""

from django.test import Client

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
