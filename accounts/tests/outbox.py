"""Helpers for tests of the outbox."""

import threading

from accounts.outbox import send_due_emails


def send_emails():
    """Send the emails that are due, as the worker does. They arrive in `mail.outbox`."""
    send_due_emails(threading.Event())
