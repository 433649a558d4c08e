"""A server in a separate process."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

from django.conf import settings
from django.db import connection

BACKENDS = {"sqlite": "sqlite", "postgresql": "postgres", "mysql": "mysql"}
FREQUENT_CHECKS = """
import sys, uvicorn, config.asgi
from posts.live import hub
hub.CHECK_SECONDS = {seconds}
port = int(sys.argv[sys.argv.index("--port") + 1])
uvicorn.run("config.asgi:application", port=port, lifespan="on", log_config=None)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """Return the URL of the test database."""
    db = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{db['NAME']}"
    credentials = urllib.parse.quote(db["USER"] or "", safe="")
    if db["PASSWORD"]:
        credentials += ":" + urllib.parse.quote(db["PASSWORD"], safe="")
    port = f":{db['PORT']}" if db["PORT"] else ""
    return f"{BACKENDS[connection.vendor]}://{credentials}@{db['HOST'] or ''}{port}/{db['NAME']}"


def frequent_checks(seconds):
    """Return the command of a server that sends heartbeats and checks streams every `seconds`."""
    return "-c", FREQUENT_CHECKS.format(seconds=seconds)


class Server:
    """A server on its own port that uses the test database."""

    folder = settings.BASE_DIR
    start_timeout = 20  # in seconds

    def __init__(self, *command, port=None, **env):
        self.port = port or free_port()
        self.command = command or ("-m", "uvicorn", "config.asgi:application", "--no-access-log", "--lifespan", "on")
        self.env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "DEBUG": "on",
            "POSTS_PER_MINUTE": "0",
            **env,
        }
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def arguments(self):
        return [sys.executable, *self.command, "--port", str(self.port)]

    def start(self):
        self.process = subprocess.Popen(
            self.arguments(),
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.output = []
        self.reader = threading.Thread(target=lambda: self.output.extend(self.process.stdout), daemon=True)
        self.reader.start()
        deadline = time.monotonic() + self.start_timeout
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz")[0] == 200:
                    return self
            except OSError:
                assert self.process.poll() is None, self.read_output()
                time.sleep(0.05)
        raise AssertionError(f"no response: {self.read_output()}")

    def workers(self):
        """Return the ids of the processes of `manage.py serve` that respond to requests."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]

    def read_output(self):
        return b"".join(self.output).decode()

    def get(self, path, headers=None, method="GET"):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request(method, path, headers=headers or {})
            response = client.getresponse()
            return response.status, (response.read() if response.status != 200 or path == "/healthz" else b"")
        finally:
            client.close()

    def write(self, session, body, room="common"):
        """Submit a post with `fetch`, as a browser does. Return the status of the response."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        token = "a" * 32
        fields = urllib.parse.urlencode({"body": body, "csrfmiddlewaretoken": token})
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "fetch",
        }
        try:
            client.request("POST", f"/rooms/{room}/", fields, headers)
            response = client.getresponse()
            response.read()
            return response.status
        finally:
            client.close()

    def send_signal(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM, timeout=15):
        """Stop the server and return the duration in seconds. Child processes that are still running are killed."""
        start = time.monotonic()
        try:
            if self.process.poll() is None:
                self.send_signal(number)
                self.process.wait(timeout)
            duration = time.monotonic() - start
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
            self.reader.join(5)
            self.process.stdout.close()
        return duration

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()


class ProductionServer(Server):
    """A server started with `serve`. It collects the static files only if no earlier one has, to save two seconds."""

    def __init__(self, *options, **env):
        static = ["--no-static"] if Path(settings.STATIC_ROOT, "staticfiles.json").exists() else []
        super().__init__("manage.py", "serve", *static, *options, DEBUG="off", **env)


class DevelopmentServer(Server):
    """A server started with `runserver`."""

    def arguments(self):
        return [sys.executable, *self.command, f"127.0.0.1:{self.port}"]
