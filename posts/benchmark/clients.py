"""Minimal clients of live streams and of the composer. They measure when a post arrives."""

import asyncio
import time
from urllib.parse import urlencode


class StreamClient(asyncio.Protocol):
    """An open live stream. `on_posts(time)` is called when data with at least one post arrives."""

    def __init__(self, session, room, revision, on_posts):
        self.session, self.room, self.revision, self.on_posts = session, room, revision, on_posts
        self.transport = None
        self.posts = 0
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(
            f"GET /live/?room={self.room}&after={self.revision} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={self.session}\r\n\r\n".encode()
        )

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


async def open_streams(port, sessions, room, revision, on_posts, concurrency=50):
    """Open a StreamClient for each session. Return them when all streams are open."""
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(concurrency)

    async def open_stream(session):
        async with limit:
            _transport, client = await loop.create_connection(
                lambda: StreamClient(session, room, revision, on_posts), "127.0.0.1", port
            )
            await client.is_open
            return client

    return await asyncio.gather(*(open_stream(session) for session in sessions))


class PostClient:
    """Sends posts over one persistent connection."""

    def __init__(self, port, session):
        self.port, self.session = port, session
        self.reader = self.writer = None

    async def post(self, path, fields):
        """Send a form as the script of the page does. Return the status and the time of the response."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        token = "a" * 32
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Requested-With: fetch\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={token}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        response = await self.reader.readuntil(b"\r\n\r\n")
        responded = time.perf_counter()
        await _skip_body(self.reader, response.lower())
        return int(response.split(b" ", 2)[1]), responded


async def _skip_body(reader, head):
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
