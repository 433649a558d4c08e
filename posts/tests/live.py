"""Clients of live streams, for tests."""

import asyncio
import contextlib
import http.client
import json
import queue
import socket
import threading
import time

import pytest
from django.db import connection

from accounts.tests.sessions import create_session as create_session
from posts.tests.live_server import Server, frequent_checks


class StreamClient:
    """A client with an open stream. Its events arrive in `events` as (kind, data, id)."""

    def __init__(self, server, session, room=None, after=0, last_id=None):
        self.session = session
        headers = {"Cookie": f"sessionid={session}"} if session else {}
        if last_id is not None:
            headers["Last-Event-ID"] = last_id
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=40)
        self.connection.request("GET", f"/live/?room={room.pk}&after={after}" if room else "/live/", headers=headers)
        # `getresponse` detaches the socket from the connection if the response closes it.
        self.socket = self.connection.sock
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.events = queue.Queue()
        self.skipped = []
        self.closed = threading.Event()
        self.heartbeats = 0
        self.last_id = last_id
        self.reader = threading.Thread(target=self._read, daemon=True)
        if self.status == 200:
            self.reader.start()
        else:
            self.close()

    def _read(self):
        kind, data = "", ""
        try:
            while line := self.response.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    self.last_id = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif not name and kind:
                    if kind == "beat":
                        self.heartbeats += 1
                    else:
                        self.events.put((kind, json.loads(data), self.last_id))
                    kind = data = ""
        except (OSError, http.client.HTTPException, AttributeError, ValueError):
            pass
        self.closed.set()

    def next(self, kind, timeout=10):
        """Return the data of the next event of this kind. Events of other kinds remain for later calls."""
        for index, (found, data) in enumerate(self.skipped):
            if found == kind:
                del self.skipped[index]
                return data
        deadline = time.monotonic() + timeout
        while True:
            found, data, _id = self.events.get(timeout=max(deadline - time.monotonic(), 0.01))
            if found == kind:
                return data
            self.skipped.append((found, data))

    def posts(self, number, timeout=20):
        """Return the data of the next `number` posts."""
        return [self.next("posts", timeout) for _number in range(number)]

    def wait_for_heartbeats(self, number=2, timeout=15):
        """Wait for `number` heartbeats. Events that the server sent before them have then arrived."""
        expected, deadline = self.heartbeats + number, time.monotonic() + timeout
        while self.heartbeats < expected:
            assert time.monotonic() < deadline, "no heartbeat"
            time.sleep(0.02)

    def read_until_quiet(self, quiet):
        """Return all events until none arrives for `quiet` seconds."""
        found, self.skipped = self.skipped, []
        while True:
            try:
                found.append(self.events.get(timeout=quiet)[:2])
            except queue.Empty:
                return found

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self.reader.is_alive():
            self.reader.join(5)
        self.response.close()
        self.connection.close()
        self.socket.close()


async def run_in_thread(function, *args, **kwargs):
    """Call `function` in a thread and close the database connection that it opened there."""

    def call():
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    return await asyncio.to_thread(call)


@pytest.fixture(scope="module")
def server(django_db_setup):
    """A running server that the tests of a module share. They do not stop it."""
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def frequent_server(django_db_setup):
    """A running server, like `server`, that sends heartbeats and checks streams every 0.2 s instead of every 3 s."""
    with Server(*frequent_checks(0.2)) as running:
        yield running


@pytest.fixture
def open_stream():
    """Return a function that opens a stream. All streams are closed after the test."""
    clients = []

    def open_stream(*args, **kwargs):
        clients.append(StreamClient(*args, **kwargs))
        if clients[-1].status == 200:
            clients[-1].next("unread")
        return clients[-1]

    yield open_stream
    for client in clients:
        client.close()
