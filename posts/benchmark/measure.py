"""Times requests inside this process, each beside one to the bare view."""

import gc
import gzip
import io
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.urls import reverse

from posts import rendering
from posts.benchmark import urls
from posts.models import Post, Room

WARM_UP = 15


@dataclass(frozen=True)
class Page:
    """An address to measure. `is_cold` empties the cache of rendered posts before each request."""

    name: str
    address: str
    is_cold: bool = False


@dataclass(frozen=True)
class Result:
    """What a page cost: medians in milliseconds, and the median of the ratios within pairs."""

    status: int
    size: int
    packed: int
    queries: int
    page: float
    bare: float
    ratio: float


class Browser:
    """Sends requests to the whole stack of this site as `user`, as a browser would that was here before."""

    def __init__(self, user):
        client = Client()
        client.force_login(user)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": "b" * 32}
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._handler = WSGIHandler()

    def get(self, address):
        """Return (status, headers, body) of a GET."""
        begun = []
        path = urlsplit(address)
        environ = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path.path, "QUERY_STRING": path.query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ACCEPT_LANGUAGE": "en", "HTTP_COOKIE": self._cookies,
            "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        response = self._handler(environ, lambda status, headers, exc_info=None: begun.append((status, headers)))
        body = b"".join(response)
        response.close()
        (status, headers) = begun[0]
        return int(status[:3]), {name.lower(): value for name, value in headers}, body

    def text(self, address):
        """Return what a GET brings, unpacked; None when it is not there."""
        status, headers, body = self.get(address)
        if status >= 400:
            return None
        return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


def pages():
    """List what is measured; the conversation is the common room's, a third of all posts."""
    room = Room.objects.get(is_common=True)
    oldest = Post.objects.in_room(room).order_by("pk").values_list("pk", flat=True)
    conversation = reverse("room", args=[room.slug])
    return [
        Page("conversation", conversation),
        Page("conversation, deepest page", f"{conversation}?before={oldest[59]}"),
        Page("conversation, nothing rendered yet", conversation, is_cold=True),
        Page("home", reverse("home_student")),
        Page("students", reverse("students")),
        Page("profile", reverse("profile", args=["ms.hale"])),
        Page("popover", reverse("popover", args=["ms.hale"])),
        Page("unread badge", reverse("notification_unread")),
        Page("updates, nothing new", f"{reverse('room_updates', args=[room.slug])}?after={room.revision}"),
    ]


def measure(browser, page, runs):
    """Return the Result of `runs` pairs: the page and the bare view, in turns, so that both see the same machine."""
    status, _headers, packed = browser.get(page.address)
    text = browser.text(page.address) if status == 200 else b""
    urls.imitate("page", text.decode())
    bare = reverse("bare", args=["page"])
    if page.is_cold:
        rendering.clear_cache()
    queries = _count_queries(browser, page.address)
    for _time in range(min(WARM_UP, runs)):
        _timed(browser, page)
        browser.get(bare)
    times, bare_times = [], []
    bare_page = Page("bare", bare)
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        for number in range(runs):
            first, second = (page, bare_page) if number % 2 else (bare_page, page)
            taken = {id(first): _timed(browser, first), id(second): _timed(browser, second)}
            times.append(taken[id(page)])
            bare_times.append(taken[id(bare_page)])
            # Rubbish is taken out between the measurements, at nobody's cost.
            if number % 10 == 9:
                gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()
    ratio = statistics.median(ours / theirs for ours, theirs in zip(times, bare_times, strict=True))
    medians = statistics.median(times) * 1000, statistics.median(bare_times) * 1000
    return Result(status, len(text), len(packed), queries, *medians, ratio)


def _timed(browser, page):
    if page.is_cold:
        rendering.clear_cache()
    begun = time.perf_counter()
    browser.get(page.address)
    return time.perf_counter() - begun


def _count_queries(browser, address):
    count = 0

    def counting(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        browser.get(address)
    return count
