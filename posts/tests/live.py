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
from django.conf import settings
from django.db import connection
from django.test import Client

from posts.tests.live_server import Server


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
