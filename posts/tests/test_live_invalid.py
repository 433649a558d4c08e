"""Invented session keys at the live streams: they are cheap, and throttled."""

import asyncio
import contextlib
import http.client
import threading
from collections import Counter

import pytest
from django.conf import settings
from django.db.backends.signals import connection_created

from posts.live import asgi
from posts.live.asgi import INVALID_LIMIT
from posts.tests.live import create_session
from posts.tests.live_hub import run_with_hub

pytestmark = pytest.mark.django_db(transaction=True)


def test_invented_sessions_share_a_connection():
    connections = []

    def count(**kwargs):
        if threading.current_thread().name.startswith("live"):
            connections.append(kwargs["connection"])

    async def test(hub):
        for number in range(3):
            assert await hub.admit(f"{number:032}", None, 0) is None
            await asyncio.sleep(3 * settings.LIVE_POLL_SECONDS)

    connection_created.connect(count)
    try:
        run_with_hub(test)
    finally:
        connection_created.disconnect(count)
    assert len(connections) == 1


def test_invented_sessions_are_throttled_by_address(server, student):
    def get_status(client, session):
        client.request("HEAD", "/live/", headers={"Cookie": f"sessionid={session}"})
        response = client.getresponse()
        response.read()
        return response.status, response.headers["Retry-After"]

    def connect(address):
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10, source_address=(address, 0))
        return contextlib.closing(client)

    with connect("127.0.0.2") as attacker, connect("127.0.0.3") as user:
        statuses = Counter(get_status(attacker, f"{number:032}") for number in range(1000))
        valid = get_status(user, create_session(student))

    assert statuses[401, None] + statuses[429, "10"] == 1000
    assert statuses[401, None] <= 2 * INVALID_LIMIT  # the attack can reach into a second period
    assert valid == (200, None)


def test_throttle_ends(monkeypatch):
    monkeypatch.setattr(asgi, "INVALID_LIMIT", 2)
    monkeypatch.setattr(asgi, "INVALID_SECONDS", 0.5)
    monkeypatch.setattr(asgi, "_invalid", Counter())
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": "/live/", "query_string": b""}
    scope |= {"headers": [(b"host", b"testserver"), (b"cookie", b"sessionid=%032d" % 0)], "client": ("127.0.0.4", 1)}

    async def get_status():
        messages = []

        async def send(message):
            messages.append(message)

        await asgi.application(scope, None, send)
        return messages[0]["status"]

    async def test(hub):
        assert [await get_status() for _request in range(3)] == [401, 401, 429]
        async with asyncio.timeout(10):
            while await get_status() == 429:
                await asyncio.sleep(0.05)

    run_with_hub(test)
