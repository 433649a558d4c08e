"""The ASGI application at LIVE_PATH.

`GET /live/?room=5&after=120&newest=900` opens a stream for the user of the session cookie. It shows a room from the
revision of the page. Without a room, the stream contains no posts. With the newest post in the page's list of rooms, it
contains an event about each new post in the user's other rooms. A client that reconnects sends its last event id, which
is also a revision. A stream is one coroutine and uses neither a thread nor a database connection.
"""

import asyncio
import contextlib
import random
import signal
from collections import Counter
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from accounts.sessions import SessionStore
from accounts.text import read_id
from config.logs import describe
from config.server.clients import network
from config.server.pages import build_environ
from config.server.responses import send_start, send_text
from config.wsgi import UTF8Request
from posts.live.hub import Hub, logger
from posts.live.stream import Stream

RETRY = (1000, 4000)  # milliseconds; random, so that not all clients reconnect at the same time
INVALID_LIMIT = 300  # invalid sessions of a client's network in INVALID_SECONDS; a school can be behind one address
INVALID_SECONDS = 10

_invalid: Counter[str] = Counter()  # invalid sessions, by network


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
        return await send_text(send, refused.status, refused.text, refused.headers)
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
    request = UTF8Request(build_environ(scope) | {"wsgi.input": BytesIO()})
    if request.method not in ("GET", "HEAD"):
        raise Refused(405, "Use GET.", {"Allow": "GET, HEAD"})
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "Only pages of this site can open a stream.")
    try:
        request.get_host()
        position = _read_position(request)
    except (SuspiciousOperation, ValueError):
        raise Refused(400, "Unknown host name, or invalid position.") from None
    session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME)).session_key
    if session is None:
        raise Refused(401, "Sign in first.")
    client = network(request.META["REMOTE_ADDR"])
    if _invalid[client] >= INVALID_LIMIT:
        raise Refused(429, "Try again later.", {"Retry-After": str(INVALID_SECONDS)})
    try:
        stream = None if hub.is_closed else await hub.admit(session, *position)
    except Exception as error:
        logger.warning("A live stream cannot be opened (%s).", describe(error))
        raise Refused(503, "Try again later.", {"Retry-After": "5"}) from None
    if hub.is_closed:
        raise Refused(503, "Try again later.", {"Retry-After": "1"})
    if stream is None:
        if not _invalid:
            hub.loop.call_later(INVALID_SECONDS, _invalid.clear)
        _invalid[client] += 1
        raise Refused(401, "Sign in first.")
    return stream


async def _serve(stream: Stream, method: str, receive, send) -> None:
    stream.task = asyncio.current_task()
    disconnect = asyncio.create_task(_wait_for_disconnect(receive))
    disconnect.add_done_callback(lambda task: stream.end())
    try:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        await send_start(send, 200, headers)
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


def _read_position(request: UTF8Request) -> tuple[int | None, int, int | None, str]:
    """Return the room, the revision from which a stream continues, the newest known post, and the page's language.

    Raises ValueError.
    """
    # A page that was loaded before an update of the site may send other parameters. It polls until it is reloaded.
    if not request.GET.keys() <= {"room", "after", "newest", "language"}:
        raise ValueError("unknown parameter")
    room, after, newest = (_read_number(request.GET.get(name, "")) for name in ("room", "after", "newest"))
    language = request.GET.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise ValueError("unknown language")
    return room, max(after or 0, _read_number(request.headers.get("Last-Event-ID", "")) or 0), newest, language


def _read_number(text: str) -> int | None:
    """Return an id or a revision, or None if `text` is empty. Raises ValueError for anything else."""
    if text and read_id(text) is None:
        raise ValueError("not a number")
    return read_id(text)
