"""Adapter that runs a WSGI application in an ASGI server, in a thread pool beside the live streams.

Django's ASGI handler switches between the event loop and a thread for each synchronous middleware. This adapter
switches once per request. A thread is busy only while the application runs. The event loop receives the body and sends
the response, so a slow client does not occupy a thread.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from io import BytesIO

BODY_LIMIT = 4 * 1024 * 1024  # bytes
CHUNK_SIZE = 1024 * 1024  # bytes; a response of at most this size is sent in one piece
SAFE_ONLY_THREADS = 2  # threads that never run unsafe methods, which may wait for locks, hashes and email
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # RFC 9110, section 9.2.1
TOO_LARGE = "homeroom.body_too_large"  # set in the WSGI environment in place of a body that exceeds the limit


class BodyTooLarge(Exception):
    """The request body exceeds BODY_LIMIT."""


class Disconnected(Exception):
    """The client disconnected before its request was complete."""


class WSGIServer:
    """ASGI application that runs the WSGI application `application` in `threads` threads.

    Requests with unsafe methods run in all threads except SAFE_ONLY_THREADS of them. If these threads are busy, the
    requests wait in the event loop.

    If the client disconnects before the body is complete, the application is not called. If the body exceeds
    BODY_LIMIT, the application is called immediately, with an empty body and TOO_LARGE set in its environment. The
    server discards the rest of the body.

    After the first CHUNK_SIZE bytes, a response is produced as fast as the client reads it. Each chunk may be produced
    in a different thread, so an iterator must not use an open database cursor.
    """

    def __init__(self, application, threads):
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.unsafe_slots = asyncio.Semaphore(max(threads - SAFE_ONLY_THREADS, 1))

    async def __call__(self, scope, receive, send):
        environ = build_environ(scope)
        try:
            body = await _read_body(environ.get("CONTENT_LENGTH"), receive)
        except Disconnected:
            return
        except BodyTooLarge:
            body, environ[TOO_LARGE] = b"", True
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        await self._respond(_Response(self.application, environ), receive, send)

    async def _respond(self, response, receive, send):
        loop = asyncio.get_running_loop()
        try:
            async with nullcontext() if response.environ["REQUEST_METHOD"] in SAFE_METHODS else self.unsafe_slots:
                chunk = await loop.run_in_executor(self.pool, response.start)
            await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
            await send({"type": "http.response.body", "body": chunk, "more_body": response.more})
            if not response.more:
                return
            disconnect = asyncio.ensure_future(receive())
            while response.more and not disconnect.done():
                chunk = await loop.run_in_executor(self.pool, response.read)
                await send({"type": "http.response.body", "body": chunk, "more_body": response.more})
            disconnect.cancel()
        finally:
            if response.more:
                self.pool.submit(response.close)


class _Response:
    """Response of a WSGI application. Its methods run in the pool, one at a time."""

    def __init__(self, application, environ):
        self.application, self.environ = application, environ
        self.more = False

    def start(self):
        """Call the application, set `status` and `headers`, and return the first chunk."""
        self.iterable = self.application(self.environ, self._start_response)
        self.pieces, self.more = iter(self.iterable), True
        return self.read()

    def read(self):
        """Return the next chunk. After the last one, `more` is false and the iterable is closed."""
        chunk, size = [], 0
        try:
            for piece in self.pieces:
                chunk.append(piece)
                size += len(piece)
                if size > CHUNK_SIZE:
                    return b"".join(chunk)
        except BaseException:
            self.close()
            raise
        self.close()
        return b"".join(chunk)

    def close(self):
        self.more = False
        if hasattr(self.iterable, "close"):
            self.iterable.close()

    def _start_response(self, status, headers, exc_info=None):
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def _read_body(declared, receive):
    if declared and int(declared) > BODY_LIMIT:
        raise BodyTooLarge
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > BODY_LIMIT:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return b"".join(pieces)


def build_environ(scope):
    """Return the WSGI environment of a request, without its body.

    Headers whose name contains an underscore are dropped. Otherwise "X_Forwarded_Proto" would replace
    "X-Forwarded-Proto", which a trusted proxy sets.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if client:
        environ["REMOTE_ADDR"] = client[0]
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        value = value.decode("latin-1")
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ
