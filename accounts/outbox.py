"""The outbox: requests queue emails in the database, and `manage.py worker` sends them.

An email is queued in the transaction of its caller. A worker claims it before each attempt: an update with the old
values in its condition, so that only one worker succeeds, sets the time of the next attempt. If the worker is killed,
the email is therefore due again after CLAIM. It may have been sent already, so each attempt has the same Message-ID.
The row is deleted when the email is sent.
"""

import logging
import smtplib
import threading
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models.outbox import MAX_AGE, MAX_DELAY, QueuedEmail
from config.transactions import operation, writing

CLAIM = timedelta(minutes=5)  # much longer than an attempt takes, with a timeout of EMAIL_TIMEOUT for each response
FIRST_DELAY = 30  # seconds until the second attempt; the delay doubles, up to MAX_DELAY

_ARGUMENTS = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to")

logger = logging.getLogger(__name__)


class EmailBackend(BaseEmailBackend):
    """Queue emails for the worker, which sends them with OUTBOX_BACKEND."""

    def send_messages(self, email_messages):
        """Queue emails and return their number. Raises BadHeaderError, and ValueError for attachments or HTML only."""
        emails = [_to_queued(message) for message in email_messages]
        with writing():
            QueuedEmail.objects.bulk_create(emails)
        return len(emails)


def queue_function(name: str, arguments: dict, max_age: timedelta = MAX_AGE, bulk: bool = False) -> None:
    """Queue an email that the function `name` of EMAIL_FUNCTIONS returns when it is sent, or None for no email.

    The worker calls the function before each attempt, with `arguments` (JSON values). After `max_age`, the email is no
    longer sent. `bulk` emails are sent after all others.
    """
    expires_at = timezone.now() + max_age
    with writing():
        QueuedEmail.objects.create(function=name, content=arguments, expires_at=expires_at, bulk=bulk)


def send_due_emails(stopping: threading.Event) -> None:
    """Send the emails that are due over one connection, until `stopping` is set.

    An email that is refused is postponed. Raises OSError if the mail server cannot be reached or does not respond.
    """
    if not QueuedEmail.objects.due().exists():
        return
    with get_connection(settings.OUTBOX_BACKEND) as connection:
        while not stopping.is_set() and (email := _claim()):
            _send(email, connection)


@operation
def _claim():
    """Claim the next email and return it, or None if no email is due."""
    while email := QueuedEmail.objects.due().first():
        if _update(email, attempts=email.attempts + 1, send_at=timezone.now() + CLAIM):
            return email
    return None


@operation
def _postpone(email, seconds):
    _update(email, send_at=timezone.now() + timedelta(seconds=seconds))


def _update(email, **values):
    """Update an email, and return whether no other worker has claimed it since it was read."""
    unclaimed = QueuedEmail.objects.filter(pk=email.pk, attempts=email.attempts, send_at=email.send_at)
    is_updated = bool(unclaimed.update(**values))
    for name, value in values.items():
        setattr(email, name, value)
    return is_updated


@operation
def _delete(email):
    QueuedEmail.objects.filter(pk=email.pk).delete()


def _send(email, connection):
    try:
        message = _build_message(email)
        if message is not None:
            connection.send_messages([message])
    except Exception as error:
        delay = min(FIRST_DELAY * 2 ** (email.attempts - 1), MAX_DELAY)
        _postpone(email, delay)
        if _is_unreachable(error):
            raise
        logger.warning("Attempt %d to send an email failed: %s", email.attempts, describe(error))
    else:
        _delete(email)


def _build_message(email) -> EmailMessage | None:
    if email.function:
        message = import_string(settings.EMAIL_FUNCTIONS[email.function])(**email.content)
        if message is not None:
            message.extra_headers.setdefault("Message-ID", email.message_id)
        return message
    return EmailMultiAlternatives(**email.content)


def _to_queued(message):
    if message.attachments or message.content_subtype != "plain":
        raise ValueError("The outbox sends texts with alternatives, not attachments or HTML alone.")
    email = QueuedEmail()
    # Without a Message-ID, Django would look up the name of this machine, which can wait for DNS.
    headers = {"Message-ID": email.message_id} | message.extra_headers
    email.content = {name: getattr(message, name) for name in _ARGUMENTS}
    email.content |= {"headers": headers, "alternatives": getattr(message, "alternatives", [])}
    _build_message(email).message()  # raises BadHeaderError
    return email


def _is_unreachable(error):
    """Return whether an error concerns the mail server and not only one email."""
    is_refusal = isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError) and not is_refusal


def describe(error: Exception) -> str:
    """Return the type and the SMTP code of an error. Its message may contain an address."""
    refused = getattr(error, "recipients", {}).values()
    codes = [code for code, _text in refused] or [getattr(error, "smtp_code", None) or getattr(error, "errno", None)]
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])
