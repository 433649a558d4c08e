"""Worker processes for tests."""

import os
import signal
import subprocess
import sys
import time

from django.conf import settings

from posts.tests.live_server import database_url


class Worker:
    """A process of `manage.py worker` that uses the test database and sends emails to a port of 127.0.0.1."""

    def __init__(self, mail_port):
        self.env = os.environ | {
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=settings.BASE_DIR,
            env=self.env,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def stop(self, number=signal.SIGTERM):
        """Stop the worker. Return the duration in seconds and the log."""
        start = time.monotonic()
        self.process.send_signal(number)
        log = self.process.communicate(timeout=20)[1]
        return time.monotonic() - start, log

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.stop()
