"""Helpers for tests of the password reset."""

import re

from django.core import mail
from django.test import Client

from accounts.tests.outbox import send_emails


def request_reset(email, **extra):
    """Submit the form, send the queued email and return the response."""
    response = Client().post("/password-reset/", {"email": email}, follow=True, **extra)
    send_emails()
    return response


def reset_path():
    """Return the path of the link in the only email that was sent."""
    (message,) = mail.outbox
    return re.search(r"https?://[^/\s]+(/password-reset/\S+)", message.body)[1]


def open_reset_link(path, client=None):
    """Open a reset link. Return the client, the response and the URL of the form."""
    client = client or Client()
    response = client.get(path, follow=True)
    return client, response, response.redirect_chain[-1][0] if response.redirect_chain else path
