"""Cost of the read marks of users who have a room on their screens, and the time that posting takes meanwhile."""

import asyncio
import random
import time
from collections.abc import Callable

from django.db import connections

from posts.benchmark.clients import Connection, Load, build_request, open_streams
from posts.benchmark.server import MeasuredServer
from posts.benchmark.streams import Writer, create_students, raise_file_limit, stream_request
from posts.models import Room

MARK_SECONDS = 30  # as in static/js/conversation/read-marks.js
MARK_CONNECTIONS = 8
WARM_UP_POSTS = 6
CPU_TARGET = 20  # percent of a core


def measure_viewers(write_line: Callable, viewers: int, seconds: float, interval: float) -> None:
    """Let `viewers` users look at a room in which another user posts every `interval` seconds, for `seconds`.

    First they send no read marks, and then as the script of the page does. Passes each line of the result to
    `write_line`.
    """
    raise_file_limit(2 * viewers + 200)
    headers = create_students(viewers + 1)
    room = Room.objects.get(is_common=True)
    connections.close_all()
    with MeasuredServer() as server:
        without, with_marks, marks = asyncio.run(_measure(server, room, headers, seconds, interval))
    write_line(f"{viewers} viewers of a room, one post every {interval:g} s for {seconds:g} s")
    for name, load in [("without read marks", without), ("with read marks", with_marks)]:
        percent = load.cpu / load.seconds * 100
        p50, p95 = load.latency_ms(0.5), load.latency_ms(0.95)
        write_line(f"{name:<20}{percent:>6.1f} % of a core; posting takes p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    write_line(f"{'read marks':<20}{len(marks.latencies)}, refused {marks.refused}")
    is_met = with_marks.cpu / with_marks.seconds * 100 <= CPU_TARGET and not marks.refused
    write_line(f"target {CPU_TARGET} %: {'met' if is_met else 'missed'}")


async def _measure(server, room, headers, seconds, interval):
    author, *readers = headers
    writer = Writer(await Connection.open(server.port), room, author)
    for number in range(WARM_UP_POSTS):
        await writer.write(f"warm-up {number}")
    requests = [stream_request(room, reader, WARM_UP_POSTS) for reader in readers]
    clients = await open_streams(server.port, requests, lambda when: None)
    without = await _write_posts(server, writer, seconds, interval, on_post=lambda: None)
    marks = _ReadMarks(room, readers)
    workers = [asyncio.create_task(marks.send(await Connection.open(server.port))) for _n in range(MARK_CONNECTIONS)]
    with_marks = await _write_posts(server, writer, seconds, interval, marks.on_post)
    for worker in workers:
        worker.cancel()
    for client in clients:
        client.transport.abort()
    return without, with_marks, marks.load


async def _write_posts(server, writer, seconds, interval, on_post):
    """Write posts for `seconds` and return the Load, whose latencies are those of the posts."""
    load = Load()
    cpu, start = server.cpu(), time.perf_counter()
    while (sent := time.perf_counter()) < start + seconds:
        load.latencies.append(await writer.write(f"post at {sent}") - sent)
        on_post()
        await asyncio.sleep(max(0, sent + interval - time.perf_counter()))
    load.seconds, load.cpu = time.perf_counter() - start, server.cpu() - cpu
    return load


class _ReadMarks:
    """Read marks of viewers who opened the room at random times in the last MARK_SECONDS."""

    def __init__(self, room, readers):
        self.path, self.load = f"{room.get_absolute_url()}read/", Load()
        self._due = asyncio.Queue()
        now = time.perf_counter()
        self._sent_at = [now - random.uniform(0, MARK_SECONDS) for _reader in readers]
        self._is_waiting = [False] * len(readers)
        self._headers = [reader | {"X-Requested-With": "fetch"} for reader in readers]

    def on_post(self):
        """Start the timer of each viewer who waits for none."""
        loop, now = asyncio.get_running_loop(), time.perf_counter()
        for viewer, sent_at in enumerate(self._sent_at):
            if not self._is_waiting[viewer]:
                self._is_waiting[viewer] = True
                loop.call_later(max(0, sent_at + MARK_SECONDS - now), self._due.put_nowait, viewer)

    async def send(self, connection):
        """Send marks that are due."""
        while True:
            viewer = await self._due.get()
            self._is_waiting[viewer] = False
            self._sent_at[viewer] = sent = time.perf_counter()
            status, responded = await connection.send(build_request(self.path, self._headers[viewer], {"upto": ""}))
            self.load.latencies.append(responded - sent)
            self.load.refused += status != 204
