"""The real server in a process of its own, and browsers that listen to it."""

import asyncio
import contextlib
import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

BACKENDS = {"sqlite": "sqlite", "postgresql": "postgres", "mysql": "mysql"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """Return the address of the database that this test uses."""
    db = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{db['NAME']}"
    who = urllib.parse.quote(db["USER"] or "", safe="")
    if db["PASSWORD"]:
        who += ":" + urllib.parse.quote(db["PASSWORD"], safe="")
    port = f":{db['PORT']}" if db["PORT"] else ""
    return f"{BACKENDS[connection.vendor]}://{who}@{db['HOST'] or ''}{port}/{db['NAME']}"


class Server:
    """A server on a port of its own, with the database of the test."""

    folder = settings.BASE_DIR
    patience = 20  # seconds until it answers

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
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            try:
                if self.get("/healthz")[0] == 200:
                    return self
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.05)
        raise AssertionError(f"no answer: {self.said()}")

    def said(self):
        return b"".join(self.output).decode()

    def get(self, path, headers=None, method="GET"):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request(method, path, headers=headers or {})
            answer = link.getresponse()
            return answer.status, (answer.read() if answer.status != 200 or path == "/healthz" else b"")
        finally:
            link.close()

    def write(self, session, body, room="common"):
        """Write a post through this server as a browser does; return the answer's status."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        token = "a" * 32
        fields = urllib.parse.urlencode({"body": body, "csrfmiddlewaretoken": token})
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "fetch",
        }
        try:
            link.request("POST", f"/rooms/{room}/", fields, headers)
            answer = link.getresponse()
            answer.read()
            return answer.status
        finally:
            link.close()

    def interrupt(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM, within=15):
        """Stop the server; return how many seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.interrupt(number)
            try:
                self.process.wait(within)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)
                raise
        self.reader.join(5)
        self.process.stdout.close()
        return time.monotonic() - began

    def __enter__(self):
        return self.start()

    def __exit__(self, *problem):
        self.stop()


class Listener:
    """A client with an open stream. Its events arrive in `events` as (kind, data, id)."""

    def __init__(self, server, session, room=None, after=0, last_id=None):
        self.session = session
        headers = {"Cookie": f"sessionid={session}"} if session else {}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=40)
        self.link.request("GET", f"/live/?room={room.pk}&after={after}" if room else "/live/", headers=headers)
        # The response takes it from the connection when it is the last one.
        self.socket = self.link.sock
        self.answer = self.link.getresponse()
        self.status = self.answer.status
        self.events = queue.Queue()
        self.kept = []
        self.closed = threading.Event()
        self.beats = 0
        self.last_id = last_id
        self.reader = threading.Thread(target=self._read, daemon=True)
        if self.status == 200:
            self.reader.start()
        else:
            self.close()

    def _read(self):
        kind, data = "", ""
        try:
            while line := self.answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    self.last_id = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif not name and kind:
                    if kind == "beat":
                        self.beats += 1
                    else:
                        self.events.put((kind, json.loads(data), self.last_id))
                    kind = data = ""
        except (OSError, http.client.HTTPException, AttributeError, ValueError):
            pass
        self.closed.set()

    def next(self, kind, within=10):
        """Return the data of the next event of this kind; what else comes meanwhile is kept for later."""
        for place, (got, data) in enumerate(self.kept):
            if got == kind:
                del self.kept[place]
                return data
        deadline = time.monotonic() + within
        while True:
            got, data, _ = self.events.get(timeout=max(deadline - time.monotonic(), 0.01))
            if got == kind:
                return data
            self.kept.append((got, data))

    def posts(self, number, within=20):
        """Return the data of the next `number` posts."""
        return [self.next("posts", within) for _ in range(number)]

    def until(self, kind, wanted, within=10):
        """Skip events of this kind until one has the data `wanted`."""
        deadline = time.monotonic() + within
        while self.next(kind, max(deadline - time.monotonic(), 0.01)) != wanted:
            pass

    def wait_for_beats(self, number=2, within=15):
        """Wait for so many heartbeats: what the server sent before them has arrived."""
        wanted, deadline = self.beats + number, time.monotonic() + within
        while self.beats < wanted:
            assert time.monotonic() < deadline, "no heartbeat"
            time.sleep(0.02)

    def rest(self, quiet=1.0):
        """Return the events until nothing comes for so many seconds."""
        got, self.kept = self.kept, []
        while True:
            try:
                got.append(self.events.get(timeout=quiet)[:2])
            except queue.Empty:
                return got

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self.reader.is_alive():
            self.reader.join(5)
        self.answer.close()
        self.link.close()
        self.socket.close()


async def in_thread(function, *args, **kwargs):
    """Call `function` in a thread and close the database connection that it opened there."""

    def call():
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    return await asyncio.to_thread(call)


def session_of(person):
    """Sign `person` in; return the session's key."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def server(transactional_db):
    """A server."""
    with Server() as running:
        yield running


@pytest.fixture
def listen():
    """Return a function that opens a stream, and close all of them at the end."""
    opened = []

    def listen(*args, **kwargs):
        opened.append(Listener(*args, **kwargs))
        if opened[-1].status == 200:
            opened[-1].next("unread")
        return opened[-1]

    yield listen
    for one in opened:
        one.close()
