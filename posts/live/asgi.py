"""The ASGI application at LIVE_PATH.

`GET /live/?room=5&after=120` opens a stream for the user of the session cookie. It shows a room from the revision of
the page. Without a room, the stream contains only the unread count. A client that reconnects sends its last event id,
which is also a revision. A stream is one coroutine and uses neither a thread nor a database connection.
"""

import asyncio
import contextlib
import random
import signal
from collections.abc import Callable
from urllib.parse import parse_qs

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from accounts.text import read_id
from posts.live.hub import Hub, logger
from posts.live.stream import Stream

RETRY = (1000, 4000)  # milliseconds; random, so that not all clients reconnect at the same time


class Refused(Exception):
    """Raised if a stream cannot be opened. Contains the status, text and further headers of the response."""

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None):
        super().__init__(status)
        self.status, self.text, self.headers = status, text, headers or {}


async def application(scope: dict, receive: Callable, send: Callable) -> None:
    """Serve a stream. At the end of the server's lifespan, stop the hub."""
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    hub = _get_hub()
    try:
        stream = await _open(hub, scope)
    except Refused as refused:
        return await _refuse(send, refused)
    try:
        await _serve(stream, scope["method"], receive, send)
    except asyncio.CancelledError:
        logger.info("A live stream was closed because its client stopped reading.")
    finally:
        hub.remove(stream)


async def _lifespan(receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if Hub.current is not None:
        await Hub.current.stop()
    await send({"type": "lifespan.shutdown.complete"})


def _get_hub() -> Hub:
    if Hub.current is None or Hub.current.loop is not asyncio.get_running_loop():
        _end_streams_on_signals(Hub())
    return Hub.current


def _end_streams_on_signals(hub: Hub) -> None:
    """End streams on SIGTERM and SIGINT. The lifespan ends too late: the server waits for open requests first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        server_handler = signal.getsignal(number)
        if not callable(server_handler):
            continue

        def handler(signum, frame, server_handler=server_handler):
            with contextlib.suppress(RuntimeError):
                hub.loop.call_soon_threadsafe(hub.end_streams)
            server_handler(signum, frame)

        # In `runserver` with its reloader, this is not the main thread. The process then ends immediately.
        with contextlib.suppress(ValueError):
            signal.signal(number, handler)


async def _open(hub: Hub, scope) -> Stream:
    """Return an open stream for the request. Raises Refused."""
    if scope["method"] not in ("GET", "HEAD"):
        raise Refused(405, "Use GET.", {"Allow": "GET, HEAD"})
    headers = dict(scope["headers"])
    if not _is_allowed_host(headers):
        raise Refused(400, "Unknown host name.")
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        raise Refused(403, "Only pages of this site can open a stream.")
    try:
        room, after = _read_position(scope["query_string"], headers.get(b"last-event-id", b""))
    except ValueError:
        raise Refused(400, "Invalid position.") from None
    session = _read_session_key(scope["headers"])
    if session is None:
        raise Refused(401, "Sign in first.")
    try:
        stream = None if hub.is_closed else await hub.admit(session, room, after)
    except Exception as error:
        logger.warning("A live stream cannot be opened (%s).", error)
        raise Refused(503, "Try again later.", {"Retry-After": "5"}) from None
    if hub.is_closed:
        raise Refused(503, "Try again later.", {"Retry-After": "1"})
    if stream is None:
        raise Refused(401, "Sign in first.")
    return stream


async def _serve(stream: Stream, method: str, receive, send) -> None:
    stream.task = asyncio.current_task()
    disconnect = asyncio.create_task(_wait_for_disconnect(receive))
    disconnect.add_done_callback(lambda task: stream.end())
    try:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        await _start(send, 200, headers)
        if method == "HEAD":
            return await send({"type": "http.response.body", "body": b""})
        first = b"retry: %d\n\n" % random.randint(*RETRY)
        await send({"type": "http.response.body", "body": first, "more_body": True})
        # Without a timeout for each `send`, because heartbeats detect clients that do not read.
        while data := await stream.next():
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        disconnect.cancel()


async def _wait_for_disconnect(receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send, refused: Refused) -> None:
    body = f"{refused.text}\n".encode()
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    await _start(send, refused.status, headers | refused.headers)
    await send({"type": "http.response.body", "body": body})


async def _start(send, status: int, headers: dict[str, str]) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in (settings.RESPONSE_HEADERS | headers).items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})


def _is_allowed_host(headers) -> bool:
    allowed = settings.ALLOWED_HOSTS
    if settings.DEBUG and not allowed:
        allowed = [".localhost", "127.0.0.1", "[::1]"]
    domain, _port = split_domain_port(headers.get(b"host", b"").decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)


def _read_position(query: bytes, last_id: bytes) -> tuple[int | None, int]:
    """Return the room and the revision from which a stream continues. Raises ValueError."""
    fields = parse_qs(query.decode("ascii"), keep_blank_values=True, max_num_fields=2)
    # A page that was loaded before an update of the site may send other parameters. It polls until it is reloaded.
    if not fields.keys() <= {"room", "after"}:
        raise ValueError("unknown parameter")
    room, after = (_read_number(fields.get(name, [""])[-1]) for name in ("room", "after"))
    return room, max(after or 0, _read_number(last_id.decode("latin-1")) or 0)


def _read_number(text: str) -> int | None:
    """Return an id or a revision, or None if `text` is empty. Raises ValueError for anything else."""
    if text and read_id(text) is None:
        raise ValueError("not a number")
    return read_id(text)


def _read_session_key(scope_headers) -> str | None:
    # A client can send several cookie headers: RFC 9113, section 8.2.3.
    header = b"; ".join(value for name, value in scope_headers if name == b"cookie")
    key = parse_cookie(header.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
    # A session key contains only these characters. PostgreSQL raises an error for some others.
    return key if key.isascii() and key.isalnum() else None
