"""A server in the test process, a raw HTTP client, and requests for live streams."""

import asyncio
import contextlib
import threading

import uvicorn

from config import asgi
from config.server.pages import WSGIServer
from config.server.protocol import LimitedProtocol

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
START = GET.removesuffix(b"\r\n")
UPLOAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


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
async def serve(application, threads=2, responds=None, uds=None, keep_alive=5, **limits):
    """Run `application` on a free port or a Unix socket; yield a function that connects to it.

    `responds(seconds)` checks the database. `limits` are the ones of uploads.
    """
    pages = WSGIServer(application, threads, responds or always_responds, files="/static/", **limits)
    options = {"http": LimitedProtocol, "lifespan": "off", "ws": "none", "log_config": None, "proxy_headers": False}
    config = uvicorn.Config(pages, port=0, uds=uds, timeout_keep_alive=keep_alive, **options)
    server = uvicorn.Server(config)
    running = asyncio.ensure_future(server.serve())
    await until(lambda: server.started)
    address = server.servers[0].sockets[0].getsockname()
    try:
        yield lambda: asyncio.open_unix_connection(uds) if uds else asyncio.open_connection(*address)
    finally:
        server.should_exit = True
        await running
        pages.pages.pool.shutdown()


async def until(condition, seconds=10):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def always_responds(seconds):
    """Return True, as a probe of a database that responds."""
    return True


def run(application, scenario, **options):
    """Run `await scenario(connect)` against a server that runs `application`."""

    async def main():
        async with serve(application, **options) as connect:
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


def request_asgi(path, method="GET", headers=()):
    """Send a request to the ASGI application of the site. Return its status, headers (a dict, as bytes) and text."""
    messages = []

    async def send(message):
        messages.append(message)

    scope = {"type": "http", "http_version": "1.1", "path": path, "query_string": b""}
    scope |= {"method": method, "headers": [*{b"host": b"testserver", **dict(headers)}.items()]}

    async def receive():
        return {"type": "http.request"}

    asyncio.run(asgi.application(scope, receive, send))
    start, *body = messages
    return start["status"], dict(start["headers"]), b"".join(part["body"] for part in body).decode()


async def send_until_closed(connect, first, more=b""):
    """Send `first` and then `more` repeatedly until the server closes the connection.

    Return its response, or b"" if it was lost because the server closed the connection before it read everything.
    """
    reader, writer = await connect()
    writer.write(first)
    closed = asyncio.gather(reader.read(), return_exceptions=True)
    async with asyncio.timeout(10):
        while not closed.done():
            writer.write(more)
            await asyncio.sleep(0.02)
    writer.close()
    (response,) = closed.result()
    return b"" if isinstance(response, ConnectionError) else response
