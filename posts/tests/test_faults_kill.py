"""`kill -9` of server processes while users write posts."""

import os
import signal
import threading
import time
from http.client import HTTPException

import pytest
from django.db import connection

from accounts.tests.factories import StudentFactory
from posts.models import Post
from posts.tests.live import create_session
from posts.tests.live_server import Server

KILLS = ("worker", "workers", "worker", "workers", "all") * 4


class Writer(threading.Thread):
    """A user who writes posts one after the other. `saved` contains the acknowledged ones."""

    def __init__(self, server, user):
        super().__init__(daemon=True)
        self.server, self.name, self.session = server, user.username, create_session(user)
        self.saved, self.is_stopping = [], threading.Event()

    def run(self):
        number = 0
        while not self.is_stopping.wait(0.02):
            number += 1
            try:
                if self.server.write(self.session, f"{self.name} {number}") == 201:
                    self.saved.append(f"{self.name} {number}")
            except (OSError, HTTPException):  # the process was killed
                pass


def wait_for_posts(writers):
    """Wait until each user has written another post."""
    counts = [len(writer.saved) for writer in writers]
    deadline = time.monotonic() + 60
    while any(len(writer.saved) == count for writer, count in zip(writers, counts, strict=True)):
        assert time.monotonic() < deadline, "no post was saved"
        time.sleep(0.01)


@pytest.mark.faults
@pytest.mark.guarantee("kill")
@pytest.mark.django_db(transaction=True)
def test_acknowledged_posts_survive_kill(common_room, record_property):
    server = Server("manage.py", "serve", "--workers", "2", "--no-worker", DEBUG="off", POSTS_PER_MINUTE="0").start()
    writers = [Writer(server, user) for user in StudentFactory.create_batch(4)]
    recovery = []
    try:
        for writer in writers:
            writer.start()
        for target in KILLS:
            wait_for_posts(writers)
            killed_at = time.monotonic()
            if target == "all":
                os.killpg(server.process.pid, signal.SIGKILL)
                server.stop()
                server.start()
            else:
                for pid in server.workers()[: 1 if target == "worker" else None]:
                    os.kill(pid, signal.SIGKILL)
            wait_for_posts(writers)
            recovery.append(time.monotonic() - killed_at)
    finally:
        for writer in writers:
            writer.is_stopping.set()
        for writer in writers:
            writer.join(20)
        server.stop()

    saved = [body for writer in writers for body in writer.saved]
    found = set(Post.objects.values_list("body", flat=True))
    record_property(
        "figure",
        f"{len(KILLS)} kills, {len(saved)} posts, {len(set(saved) - found)} lost, {max(recovery):.1f} s to recover",
    )
    assert set(saved) <= found
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)
