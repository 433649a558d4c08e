"""A server in the test process, a raw HTTP client, and requests for live streams."""

import asyncio
import contextlib
import threading

import uvicorn

from config.protocol import NoDelayProtocol
from config.server import WSGIServer
from posts.live import asgi as live

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Response:
    """A streamed WSGI response that counts the chunks produced and records whether it was closed."""

    def __init__(self, pieces):
        self.pieces, self.produced = iter(pieces), 0
        self.closed = threading.Event()

    def __iter__(self):
        return self

    def __next__(self):
        piece = next(self.pieces)
        self.produced += 1
        return piece

    def close(self):
        assert not self.closed.is_set(), "closed twice"
        self.closed.set()


class Application:
    """A WSGI application that records its requests and responds with `respond(environ)`."""

    def __init__(self, respond, headers=()):
        self.respond, self.headers = respond, list(headers)
        self.requests = []

    def __call__(self, environ, start_response):
        self.requests.append(environ | {"body": environ["wsgi.input"].read()})
        start_response("200 OK", self.headers)
        return self.respond(environ)


@contextlib.asynccontextmanager
async def serve(application, threads=2):
    """Run `application` on a free port; yield a function that connects to it."""
    asgi = WSGIServer(application, threads)
    config = uvicorn.Config(asgi, port=0, http=NoDelayProtocol, lifespan="off", ws="none", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.ensure_future(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield lambda: asyncio.open_connection("127.0.0.1", port)
    finally:
        server.should_exit = True
        await running
        asgi.pool.shutdown()


async def until(condition, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def run(application, scenario, threads=2):
    """Run `await scenario(connect)` against a server that runs `application`."""

    async def main():
        async with serve(application, threads) as connect:
            return await scenario(connect)

    return asyncio.run(main())


async def exchange(connect, *parts):
    """Send `parts` on a new connection; return the response as (status, headers, body)."""
    reader, writer = await connect()
    for part in parts:
        writer.write(part)
        await writer.drain()
    try:
        return await read_response(reader, is_head=parts[0].startswith(b"HEAD"))
    finally:
        writer.close()


async def read_response(reader, is_head=False):
    """Return (status, headers, body). `headers` is a list of (name, value) in lower case."""
    async with asyncio.timeout(10):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = [tuple(line.lower().split(": ", 1)) for line in lines[1:-2]]
        found, body = dict(headers), b""
        if found.get("transfer-encoding") == "chunked" and not is_head:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        elif "content-length" in found and not is_head:
            body = await reader.readexactly(int(found["content-length"]))
        return int(lines[0].split()[1]), headers, body


def request_live_stream(method="GET", headers=()):
    """Return the status and the headers (a dict, as bytes) of the response to a visitor without a session."""
    messages = []

    async def send(message):
        messages.append(message)

    scope = {"type": "http", "http_version": "1.1", "path": "/live/", "query_string": b"room=1"}
    scope |= {"method": method, "headers": [(b"host", b"testserver"), *headers]}
    asyncio.run(live.application(scope, None, send))
    return messages[0]["status"], dict(messages[0]["headers"])
