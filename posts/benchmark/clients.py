"""Many browsers with an open conversation, from the other end: as little of each as can listen and tell the time."""

import asyncio
import time
from urllib.parse import urlencode


class Screen(asyncio.Protocol):
    """One open stream; `seen(screen, time)` is called for each piece that holds a post."""

    def __init__(self, session, room, revision, seen):
        self.session, self.room, self.revision, self.seen = session, room, revision, seen
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
        found = data.count(b"event: posts")
        if found:
            self.posts += found
            self.seen(self, time.perf_counter())

    def connection_lost(self, error):
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionError("the server closed the stream"))


async def open_screens(ports, sessions, room, revision, seen, at_once=50):
    """Open a Screen for each session, on the ports in turn; return them when all are open."""
    loop = asyncio.get_running_loop()
    limit = asyncio.Semaphore(at_once)

    async def one(number, session):
        async with limit:
            port = ports[number % len(ports)]
            _, screen = await loop.create_connection(lambda: Screen(session, room, revision, seen), "127.0.0.1", port)
            await screen.is_open
            return screen

    return await asyncio.gather(*(one(number, session) for number, session in enumerate(sessions)))


class Writer:
    """Somebody who posts over one kept connection."""

    def __init__(self, port, session):
        self.port, self.session = port, session
        self.reader = self.writer = None

    async def post(self, path, fields):
        """Send a form as the page's script does; return the status and the moment of the answer."""
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
        answer = await self.reader.readuntil(b"\r\n\r\n")
        answered = time.perf_counter()
        await _skip_body(self.reader, answer.lower())
        return int(answer.split(b" ", 2)[1]), answered


async def _skip_body(reader, head):
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
