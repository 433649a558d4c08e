"""Minimal HTTP clients: persistent connections and live streams. They measure when responses and posts arrive."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from posts.benchmark.pages import CSRF_TOKEN


def build_request(path, headers, fields=None):
    """Return the bytes of a GET request, or of a POST request if there are form `fields`."""
    method, body = "GET", b""
    if fields:
        method, body = "POST", urlencode(fields | {"csrfmiddlewaretoken": CSRF_TOKEN}).encode()
        form_headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        headers = headers | form_headers
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """A persistent connection. Open it with `await Connection.open(port)`."""

    @classmethod
    async def open(cls, port):
        connection = cls()
        connection._reader, connection._writer = await asyncio.open_connection("127.0.0.1", port)
        return connection

    async def send(self, request):
        """Send a request and read the response. Return its status and the time at which its headers arrived."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        responded = time.perf_counter()
        if b"transfer-encoding: chunked" in head:
            while size := int((await self._reader.readline()).strip(), 16):
                await self._reader.readexactly(size + 2)
            await self._reader.readline()
        elif b"content-length:" in head:
            await self._reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return int(head[9:12]), responded

    def close(self):
        self._writer.close()


@dataclass
class Load:
    """Totals of one or more runs: duration, CPU time of the servers and latency of each response.

    The fields are in seconds. `refused` is the number of responses with an unexpected status.
    """

    seconds: float = 0
    cpu: float = 0
    latencies: list = field(default_factory=list)
    refused: int = 0

    def __add__(self, other):
        return Load(
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            self.latencies + other.latencies,
            self.refused + other.refused,
        )

    @property
    def rate(self):
        """Responses per second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self):
        """CPU time per response, in milliseconds."""
        return self.cpu * 1000 / len(self.latencies)

    def latency_ms(self, share):
        """Return a percentile of the latency in milliseconds. `share` is between 0 and 1."""
        return sorted(self.latencies)[int((len(self.latencies) - 1) * share)] * 1000


async def send_requests(servers, sources, seconds, expected=200):
    """Send requests for `seconds` and return the Load.

    Each of `sources` is a function that returns the bytes of the next request, and has its own connection. It is called
    as soon as the server has responded to the previous request. Connections are distributed evenly among `servers`.
    """
    connections = [await Connection.open(servers[number % len(servers)].port) for number in range(len(sources))]
    load = Load()
    cpu, start = sum(server.cpu() for server in servers), time.perf_counter()

    async def send_in_turn(connection, source):
        while (sent := time.perf_counter()) < start + seconds:
            status, _responded = await connection.send(source())
            load.refused += status != expected
            load.latencies.append(time.perf_counter() - sent)
        connection.close()

    await asyncio.gather(*map(send_in_turn, connections, sources))
    load.seconds = time.perf_counter() - start
    load.cpu = sum(server.cpu() for server in servers) - cpu
    return load


class StreamClient(asyncio.Protocol):
    """An open live stream. `on_posts(time)` is called when data with at least one post arrives."""

    def __init__(self, request, on_posts):
        self.request, self.on_posts = request, on_posts
        self.posts = 0
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        if not self.is_open.done() and b"event: unread" in data:
            self.is_open.set_result(None)
        posts = data.count(b"event: posts")
        if posts:
            self.posts += posts
            self.on_posts(time.perf_counter())

    def connection_lost(self, error):
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionError("the server closed the stream"))


async def open_streams(port, requests, on_posts, concurrency=50):
    """Open a StreamClient with each of `requests`. Return them when all streams are open."""
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(concurrency)

    async def open_stream(request):
        async with limit:
            _transport, client = await loop.create_connection(
                lambda: StreamClient(request, on_posts), "127.0.0.1", port
            )
            await client.is_open
            return client

    return await asyncio.gather(*map(open_stream, requests))
