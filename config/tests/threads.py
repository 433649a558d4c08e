"""Threads that use the database."""

import threading

from django.db import connection


def in_thread(function):
    """Start `function` in a thread that closes its database connection, and return the thread."""

    def run():
        try:
            function()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
