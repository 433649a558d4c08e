"""Adapter that runs a WSGI application in an ASGI server, in a thread pool beside the live streams.

Django's ASGI handler switches between the event loop and a thread for each synchronous middleware. This adapter
switches once per request. A thread is busy only while the application runs. The event loop receives the body and sends
the response, so a slow client does not occupy a thread.
"""

import asyncio
import contextlib
import logging
import sys
from concurrent.futures import ThreadPoolExecutor

from config.logs import request_id
from config.server.bodies import Body
from config.server.clients import client_address, peer_address
from config.server.protocol import BODY_LIMIT
from config.server.threads import PageThreads, Stalled

CHUNK_SIZE = 1024 * 1024  # bytes; a response of at most this size is sent in one piece
OTHER_THREADS = 4  # for static files, and for error pages while the database hangs
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # RFC 9110, section 9.2.1
TOO_LARGE = "homeroom.body_too_large"  # set in the WSGI environment, to the limit in bytes that the body exceeds
STALLED = "homeroom.stalled"  # set in the WSGI environment of a request that gets no other response than an error page

logger = logging.getLogger(__name__)


class BodyTooLarge(Exception):
    """The request body exceeds its limit."""


class Disconnected(Exception):
    """The client disconnected before its request was complete."""


class WSGIServer:
    """ASGI application that runs the WSGI application `application` in `threads` threads.

    If the client disconnects before the body is complete, the application is not called. If the body exceeds
    BODY_LIMIT, or `upload_limit` bytes for a path that matches the pattern `upload_path`, the application is called
    immediately, with an empty body and TOO_LARGE set in its environment. The server discards the rest of the body.

    If a request gets no response because the database hangs, or no thread is free, the application is called in another
    thread with STALLED set in its environment. It must then respond without the database. Paths that start with `files`
    always run in these other threads. `responds` checks the database, as `Probe` does.

    After the first CHUNK_SIZE bytes, a response is produced as fast as the client reads it. Each chunk may be produced
    in a different thread, so an iterator must not use an open database cursor.
    """

    def __init__(self, application, threads, responds, files, upload_path=None, upload_limit=BODY_LIMIT):
        self.application, self.files = application, files
        self.upload_path, self.upload_limit = upload_path, upload_limit
        self.pages = PageThreads(threads, responds)
        self.others = ThreadPoolExecutor(OTHER_THREADS, thread_name_prefix="other")

    async def __call__(self, scope, receive, send):
        environ = build_environ(scope)
        is_upload = self.upload_path is not None and self.upload_path.fullmatch(scope["path"])
        limit = self.upload_limit if is_upload else BODY_LIMIT
        with contextlib.closing(Body()) as body:
            try:
                await _read_body(body, limit, environ.get("CONTENT_LENGTH"), receive)
            except Disconnected:
                return
            except BodyTooLarge:
                body.clear()
                environ[TOO_LARGE] = limit
            except OSError:  # the disk is full
                body.clear()
                environ[STALLED] = True
            environ["CONTENT_LENGTH"] = str(body.size)
            try:
                await self._respond(environ, body, receive, send, scope["path"].startswith(self.files))
            except asyncio.CancelledError:
                logger.warning("A request was cancelled, because the server stopped before its response was sent.")

    async def _respond(self, environ, body, receive, send, is_file):
        response, chunk, pool = await self._start(environ, body, is_file)
        try:
            await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
            await send({"type": "http.response.body", "body": chunk, "more_body": response.more})
            if not response.more:
                return
            disconnect = asyncio.ensure_future(receive())
            while response.more and not disconnect.done():
                chunk = await asyncio.get_running_loop().run_in_executor(pool, response.read)
                await send({"type": "http.response.body", "body": chunk, "more_body": response.more})
            disconnect.cancel()
        finally:
            if response.more:
                pool.submit(response.close)

    async def _start(self, environ, body, is_file):
        """Return a response that has started, its first chunk and the pool that continues it."""
        if not is_file:
            response = _Response(self.application, environ, body)
            try:
                return response, await self.pages.start(response), self.pages.pool
            except Stalled:
                environ[STALLED] = True
        response = _Response(self.application, environ, body)
        return response, await asyncio.get_running_loop().run_in_executor(self.others, response.start), self.others


class _Response:
    """Response of a WSGI application. Its methods run in a pool, one at a time."""

    def __init__(self, application, environ, body):
        self.application, self.environ = application, environ | {"wsgi.input": body.open()}
        self.is_safe = environ["REQUEST_METHOD"] in SAFE_METHODS
        self.is_upload = "multipart" in environ.get("CONTENT_TYPE", "").lower() and body.may_contain_file()
        # Set by the page threads: whether it waits for a thread, and the Future of `start`.
        self.is_waiting, self.job = False, None
        self.more = False
        self.request_id = request_id.get()

    def start(self):
        """Call the application, set `status` and `headers`, and return the first chunk."""
        request_id.set(self.request_id)  # in the thread
        self.iterable = self.application(self.environ, self._start_response)
        self.pieces, self.more = iter(self.iterable), True
        return self.read()

    def read(self):
        """Return the next chunk. After the last one, `more` is false and the iterable is closed."""
        request_id.set(self.request_id)
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


async def _read_body(body, limit, declared, receive):
    if declared and int(declared) > limit:
        raise BodyTooLarge
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        piece = message.get("body", b"")
        if body.size + len(piece) > limit:
            raise BodyTooLarge
        body.write(piece)
        more = message.get("more_body", False)


def build_environ(scope):
    """Return the WSGI environment of a request, without its body.

    Headers whose name contains an underscore are dropped. Otherwise "X_Forwarded_Proto" would replace
    "X-Forwarded-Proto", which a trusted proxy sets.
    """
    server = scope.get("server") or ("localhost", 80)
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
    headers = {}
    for name, value in scope["headers"]:
        if b"_" not in name:
            headers.setdefault(name, []).append(value)
    for name, values in headers.items():
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        environ[key] = (b"; " if name == b"cookie" else b",").join(values).decode("latin-1")
    peer = peer_address(scope.get("client"))
    environ["REMOTE_ADDR"] = client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""))
    return environ
