"""Cost of open live streams, and the time until a post arrives on all of them."""

import asyncio
import resource
import statistics
import time
from dataclasses import dataclass

from django.db import connection, connections

from posts.benchmark.clients import PostClient, open_streams
from posts.benchmark.server import MeasuredServer
from posts.benchmark.users import create_students
from posts.models import Room

INTERVAL_SECONDS = 0.1  # between two posts
WARM_UP_POSTS = 6
WARM_UP_STREAMS = 20


def measure_streams(write_line, streams, posts, idle_seconds):
    """Open `streams` live streams of one server and write `posts` posts there and `posts` through another server.

    Before the posts, the streams are idle for `idle_seconds`. Passes each line of the result to `write_line`.
    """
    _raise_file_limit(2 * streams + 200)
    sessions = create_students(streams + 1)
    room = Room.objects.get(is_common=True)
    connections.close_all()
    # All streams are on the first server. The second server shares only the database with it.
    first, second = MeasuredServer(), MeasuredServer()
    with first, second:
        asyncio.run(_measure(write_line, first, second, room, sessions, posts, idle_seconds))


@dataclass(frozen=True)
class _Idle:
    """Resources of the server while its streams are idle. `cpu` is a share of one core."""

    cpu: float
    threads: int
    connections: int


async def _measure(write_line, server, other_server, room, sessions, posts, idle_seconds):
    session, *sessions = sessions
    writers = [PostClient(port, session) for port in (server.port, other_server.port)]
    await _warm_up(server, room, writers, sessions[:WARM_UP_STREAMS])
    arrivals = _Arrivals(len(sessions))

    memory = server.memory()
    start = time.perf_counter()
    clients = await open_streams(server.port, sessions, room.pk, WARM_UP_POSTS, arrivals.count)
    seconds = time.perf_counter() - start
    await asyncio.sleep(2)
    memory_open = server.memory()
    idle = await _measure_idle(server, idle_seconds)
    local, remote = [await _post(writer, room, posts, arrivals) for writer in writers]
    memory_after = server.memory()
    for client in clients:
        client.transport.abort()

    number = len(clients)
    per_stream, per_stream_after = ((used - memory) / number / 1024 for used in (memory_open, memory_after))
    for name, value in [
        ("streams open", f"{number} on one process, opened in {seconds:.1f} s ({number / seconds:.0f} per second)"),
        ("memory per stream", f"{per_stream:.1f} KB; after the posts {per_stream_after:.1f} KB"),
        ("threads", idle.threads),
        ("database connections", idle.connections),
        ("idle", f"{idle.cpu * 100:.1f} % of a core"),
        ("from a POST response to the last stream", _format_percentiles(local)),
        ("... if another process responds", _format_percentiles(remote)),
        ("streams that missed a post", sum(client.posts != 2 * posts for client in clients)),
    ]:
        write_line(f"{name:<46}{value}")


async def _warm_up(server, room, writers, sessions):
    """Import code, start threads and render the first rows."""
    for number in range(WARM_UP_POSTS):
        await writers[number % 2].post(room.get_absolute_url(), {"body": f"warm-up {number}"})
    for client in await open_streams(server.port, sessions, room.pk, 0, lambda when: None):
        client.transport.abort()
    await asyncio.sleep(1)


async def _measure_idle(server, seconds):
    cpu = server.cpu()
    await asyncio.sleep(seconds)
    share = (server.cpu() - cpu) / seconds
    return _Idle(share, server.threads(), await asyncio.to_thread(_count_connections, server))


async def _post(writer, room, posts, arrivals):
    """Write posts in sequence. Return the sorted milliseconds from each response to the arrival on the last stream."""
    latencies = []
    for number in range(posts):
        arrived = arrivals.expect()
        status, responded = await writer.post(room.get_absolute_url(), {"body": f"post {number} to {writer.port}"})
        if status != 201:
            raise RuntimeError(f"A post got the response {status}.")
        last = await asyncio.wait_for(arrived, 20)
        latencies.append(max(last - responded, 0) * 1000)
        await asyncio.sleep(INTERVAL_SECONDS)
    return sorted(latencies)


class _Arrivals:
    """Counts the streams that have received the current post."""

    def __init__(self, number):
        self.number = number
        self.missing = 0
        self.future = None

    def expect(self):
        """Return a future for the time at which the next post arrives on the last stream."""
        self.missing = self.number
        self.future = asyncio.get_running_loop().create_future()
        return self.future

    def count(self, when):
        self.missing -= 1
        if self.missing == 0:
            self.future.set_result(when)


def _format_percentiles(latencies):
    p99 = latencies[int(len(latencies) * 0.99)]
    number = len(latencies)
    return f"p50 {statistics.median(latencies):.0f} ms, p99 {p99:.0f} ms, max {latencies[-1]:.0f} ms ({number} posts)"


def _count_connections(server):
    """Return the number of database connections of the server. On PostgreSQL and MariaDB: of both servers."""
    try:
        if connection.vendor == "sqlite":
            return server.count_open_files("scratch.sqlite3")
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            else:
                cursor.execute("SELECT count(*) FROM information_schema.processlist WHERE db = database()")
            return cursor.fetchone()[0] - 1
    finally:
        connection.close()


def _raise_file_limit(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))
