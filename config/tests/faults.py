"""Sites with a database of their own, into which tests inject faults."""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import psycopg

from posts.tests.live_server import Server, free_port

# Creates two students, and prints the id of the common room and a session of each student.
CREATE_USERS = """
from accounts.tests.factories import StudentFactory
from posts.models import Room
from posts.tests.live import create_session
print(Room.objects.get(slug="common").pk)
for name in ("sam", "kim"):
    print(create_session(StudentFactory(username=name)))
"""
FOLDER_FOR_CLUSTERS = Path("/usr/lib/postgresql")


@dataclass
class Reply:
    """A response, and the seconds after which it was complete."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes
    seconds: float

    @property
    def text(self):
        return self.content.decode()


class Site(Server):
    """The production server with its own database, which contains the students sam and kim."""

    def __init__(self, database_url, *options, **env):
        self.options = options or ("--workers", "1")
        super().__init__("manage.py", "serve", *self.options, DATABASE_URL=database_url, DEBUG="off", **env)

    def prepare(self):
        """Create the tables and the users."""
        self._manage("migrate", "--verbosity", "0")
        room, *self.sessions = self._manage("shell", "--no-imports", "-c", CREATE_USERS).split()
        self.common_room = SimpleNamespace(pk=int(room))
        return self

    def _manage(self, *command):
        arguments = [sys.executable, "manage.py", *command]
        return subprocess.run(
            arguments, cwd=self.folder, env=self.env, check=True, stdout=subprocess.PIPE
        ).stdout.decode()

    def request(self, path, fields=None, session=0, headers=None, timeout=15):
        """Send a request of a student (their number, or None for a visitor). `fields` makes it a POST request."""
        cookies = f"csrftoken={'a' * 32}" + ("" if session is None else f"; sessionid={self.sessions[session]}")
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        body = None if fields is None else urllib.parse.urlencode({"csrfmiddlewaretoken": "a" * 32, **fields})
        start = time.monotonic()
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as client:
            client.request("GET" if fields is None else "POST", path, body, headers)
            with client.getresponse() as response:
                return Reply(response.status, response.headers, response.read(), time.monotonic() - start)

    def request_at_once(self, *requests):
        """Send several requests at the same time, each (path, fields). Return the replies."""
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(lambda request: self.request(*request), requests))

    def seconds_to_recover(self, path="/rooms/common/", limit=20):
        """Return the seconds until a page loads again."""
        start = time.monotonic()
        while self.request(path).status != 200:
            assert time.monotonic() - start < limit, self.read_output()
            time.sleep(0.1)
        return time.monotonic() - start


class Cluster:
    """A PostgreSQL cluster in `folder`. It runs as the user postgres, because PostgreSQL refuses to run as root."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        self._run("initdb", "--auth=trust", "--username=homeroom", "--no-sync", "--no-locale", "--encoding=UTF8")

    @property
    def url(self):
        return f"postgres://homeroom@127.0.0.1:{self.port}/postgres"

    def start(self):
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "--wait", f"--options={options}", f"--log={self.folder}/log", "start")
        return self

    def stop(self):
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def send_signal(self, number):
        """Send a signal, such as SIGSTOP, to all processes of the cluster."""
        main = int(Path(self.folder, "data", "postmaster.pid").read_text().split()[0])
        os.kill(main, number)  # first, so that no process is added
        for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):  # a connection that has ended
                os.kill(int(pid), number)

    def configure(self, name, value):
        """Set a parameter of all connections."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")

    def suspend(self):
        self.send_signal(signal.SIGSTOP)

    def resume(self):
        self.send_signal(signal.SIGCONT)

    def _run(self, program, *arguments):
        subprocess.run(
            [find_program(program), f"--pgdata={self.folder}/data", *arguments],
            user=self.user,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def find_program(name):
    """Return the path of a program of PostgreSQL. Debian does not add them to PATH."""
    versions = sorted(FOLDER_FOR_CLUSTERS.glob(f"*/bin/{name}"))
    return str(versions[-1]) if versions else shutil.which(name)
