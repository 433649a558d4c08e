"""Cost of open live streams, and the time until a post arrives on all of them."""

import asyncio
import resource
import statistics
import time

from django.db import connections, transaction

from accounts.models import User
from posts.actions import add_to_common_room
from posts.benchmark.clients import Connection, build_request, open_streams
from posts.benchmark.pages import headers_of
from posts.benchmark.server import MeasuredServer
from posts.models import Room

INTERVAL_SECONDS = 0.1  # between two posts
WARM_UP_POSTS = 6
WARM_UP_STREAMS = 20


def measure_streams(write_line, streams, posts, idle_seconds):
    """Open `streams` live streams of one server and write `posts` posts there and `posts` through another server.

    Before the posts, the streams are idle for `idle_seconds`. Passes each line of the result to `write_line`.
    """
    raise_file_limit(2 * streams + 200)
    headers = create_students(streams + 1)
    room = Room.objects.get(is_common=True)
    connections.close_all()
    # All streams are on the first server. The second server shares only the database with it.
    with MeasuredServer() as first, MeasuredServer() as second:
        asyncio.run(_measure(write_line, first, second, room, headers, posts, idle_seconds))


async def _measure(write_line, server, other_server, room, headers, posts, idle_seconds):
    author, *readers = headers
    writers = [Writer(await Connection.open(each.port), room, author) for each in (server, other_server)]
    for number in range(WARM_UP_POSTS):
        await writers[number % 2].write(f"warm-up {number}")
    await _warm_up(server, [stream_request(room, reader, 0) for reader in readers[:WARM_UP_STREAMS]])
    arrivals = _Arrivals(len(readers))

    memory = server.memory()
    start = time.perf_counter()
    requests = [stream_request(room, reader, WARM_UP_POSTS) for reader in readers]
    clients = await open_streams(server.port, requests, arrivals.count)
    seconds = time.perf_counter() - start
    await asyncio.sleep(2)
    memory_open, cpu = server.memory(), server.cpu()
    await asyncio.sleep(idle_seconds)
    idle = (server.cpu() - cpu) / idle_seconds
    local, remote = [await _measure_latencies(writer, posts, arrivals) for writer in writers]
    memory_after = server.memory()
    for client in clients:
        client.transport.abort()

    number = len(clients)
    per_stream, per_stream_after = ((used - memory) / number / 1024 for used in (memory_open, memory_after))
    for name, value in [
        ("streams open", f"{number} on one process, opened in {seconds:.1f} s ({number / seconds:.0f} per second)"),
        ("memory per stream", f"{per_stream:.1f} KB; after the posts {per_stream_after:.1f} KB"),
        ("idle", f"{idle * 100:.1f} % of a core"),
        ("from a POST response to the last stream", _format_percentiles(local)),
        ("... if another process responds", _format_percentiles(remote)),
        ("streams that missed a post", sum(client.posts != 2 * posts for client in clients)),
    ]:
        write_line(f"{name:<46}{value}")


def create_students(number):
    """Create students who are members of the common room. Return the headers of a browser for each."""
    names = [f"pupil{n}" for n in range(number)]
    with transaction.atomic():
        students = [User(username=name, email=f"{name}@school.example", password="!") for name in names]  # noqa: S106
        students = User.objects.bulk_create(students)
        add_to_common_room(students)
        return [headers_of(student) for student in students]


def stream_request(room, headers, revision):
    return build_request(f"/live/?room={room.pk}&after={revision}", headers)


class Writer:
    """Sends posts as the script of the page does."""

    def __init__(self, connection, room, headers):
        self.connection, self.path = connection, room.get_absolute_url()
        self.headers = headers | {"X-Requested-With": "fetch"}

    async def write(self, body):
        """Write a post. Return the time of the response."""
        status, responded = await self.connection.send(build_request(self.path, self.headers, {"body": body}))
        if status != 201:
            raise RuntimeError(f"A post got the response {status}.")
        return responded


async def _warm_up(server, requests):
    """Import code, start threads and render the first rows."""
    for client in await open_streams(server.port, requests, lambda when: None):
        client.transport.abort()
    await asyncio.sleep(1)


async def _measure_latencies(writer, posts, arrivals):
    """Write posts in sequence. Return the sorted milliseconds from each response to the arrival on the last stream."""
    latencies = []
    for number in range(posts):
        arrived = arrivals.expect()
        responded = await writer.write(f"post {number} of {id(writer)}")
        last = await asyncio.wait_for(arrived, 20)
        latencies.append(max(last - responded, 0) * 1000)
        await asyncio.sleep(INTERVAL_SECONDS)
    return sorted(latencies)


class _Arrivals:
    """Counts the streams that have received the current post."""

    def __init__(self, number):
        self.number = number

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


def raise_file_limit(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))
