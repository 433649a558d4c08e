"""Outages of the test database, and the page that users see."""

import contextlib

from django.db import connection

from accounts.tests.helpers import Page

# Statements that make the connection of a test read-only, and writable again.
READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"),
}


@contextlib.contextmanager
def read_only_database():
    """Make the database refuse writes of this thread. Requires a test with `transaction=True`."""
    start, end = READ_ONLY[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(start)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(end)


def retry_form(response):
    """Return the URL and the fields [(name, value)] of the button "Try again" on an error page."""
    form = Page(response).by_id("retry")
    assert form.get("method") == "post"
    return form.get("action"), [(field.get("name"), field.get("value", "")) for field in form.iter("input")]
