"""The live stream: server-sent events, as a plain ASGI application beside the pages.

One coroutine a stream, and no thread or database connection. `GET /live/?rooms=5.120-7.88` opens it for the person of
the session cookie and the rooms that a browser has on screen, each with the revision that it has; a browser that
comes back says the last id instead. The events are in `posts.frames`.
"""

import asyncio
import contextlib
import random
import signal
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import split_domain_port, validate_host

from posts.frames import hello_frame, read_cursors
from posts.hub import Hub, logger

RETRY = (1000, 4000)  # milliseconds: browsers that lose a server at once do not come back at once

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
]

_hub = None


async def application(scope, receive, send):
    """Answer a request for the stream; on the server's lifespan, start and stop the hub."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await _answer(scope, receive, send)


async def _lifespan(receive, send):
    global _hub
    await receive()
    _hub = Hub()
    await _hub.start()
    _end_streams_on_signals(_hub)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await _hub.stop()
    _hub = None
    await send({"type": "lifespan.shutdown.complete"})


def _end_streams_on_signals(hub):
    """Tell the streams of the end as soon as the server is told: it waits for them before its lifespan ends."""
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        if not callable(before):
            continue

        def handler(signum, frame, before=before):
            with contextlib.suppress(RuntimeError):
                hub.loop.call_soon_threadsafe(hub.end_streams)
            before(signum, frame)

        try:
            signal.signal(number, handler)
        except ValueError:
            return  # not in the main thread: the development server, which is stopped without ceremony


async def _answer(scope, receive, send):
    if scope["method"] not in ("GET", "HEAD"):
        return await _refuse(send, 405, b"GET opens the stream.", (b"allow", b"GET, HEAD"))
    headers = dict(scope["headers"])
    if not _is_our_host(scope, headers):
        return await _refuse(send, 400, b"This site does not go by that name.")
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return await _refuse(send, 403, b"Only this site's own pages may listen.")
    try:
        cursors = _cursors(scope, headers)
    except ValidationError:
        return await _refuse(send, 400, b"This does not say how far a stream is.")
    key = _session_key(headers)
    if key is None:
        return await _refuse(send, 401, b"Sign in first.")
    if _hub is None or _hub.is_closing:
        return await _refuse(send, 503, b"Come back in a moment.", (b"retry-after", b"1"))
    try:
        stream = await _hub.admit(key, cursors)
    except Exception as error:
        logger.warning("A stream cannot be opened (%s).", error)
        return await _refuse(send, 503, b"Come back in a moment.", (b"retry-after", b"5"))
    if stream is None:
        return await _refuse(send, 401, b"Sign in first.")
    stream.task = asyncio.current_task()
    try:
        await _stream(stream, scope, receive, send)
    except asyncio.CancelledError:
        logger.info("A stream whose browser takes nothing is dropped.")
    finally:
        _hub.leave(stream)


async def _stream(stream, scope, receive, send):
    listening = asyncio.create_task(_until_gone(receive))
    listening.add_done_callback(lambda task: stream.end())
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        if scope["method"] == "HEAD":
            return await send({"type": "http.response.body", "body": b""})
        first = hello_frame(stream.rooms, random.randint(*RETRY))
        await send({"type": "http.response.body", "body": first, "more_body": True})
        while data := await stream.take():
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        listening.cancel()


async def _until_gone(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send, status, words, *headers):
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words) + 1).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *HEADERS[1:], *headers]})
    await send({"type": "http.response.body", "body": words + b"\n"})


def _is_our_host(scope, headers):
    allowed = settings.ALLOWED_HOSTS
    if settings.DEBUG and not allowed:
        allowed = [".localhost", "127.0.0.1", "[::1]"]
    domain, _port = split_domain_port(headers.get(b"host", b"").decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)


def _cursors(scope, headers):
    """Return how far the browser is: what its address says, and its last event's id where that is further on."""
    try:
        asked = parse_qs(scope["query_string"].decode("ascii"), max_num_fields=10).get("rooms", [""])[-1]
    except ValueError:
        raise ValidationError("no query", code="cursors") from None
    cursors = read_cursors(asked)
    last = read_cursors(headers.get(b"last-event-id", b"").decode("latin-1"))
    for room, revision in last.items():
        # Without an address of its own, the id says which rooms as well.
        if room in cursors or not asked:
            cursors[room] = max(revision, cursors.get(room, 0))
    return cursors


def _session_key(headers):
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return None
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel and morsel.value else None
