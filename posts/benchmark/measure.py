"""CPU time of pages in this process. Requests alternate between the page and the fixed page."""

import gzip
import statistics
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client

from posts.benchmark import fixed_page
from posts.benchmark.pages import headers

WARM_UP = 15  # requests of each page before the measurement


@dataclass(frozen=True)
class Result:
    """Cost of a page: sizes in bytes, medians of CPU time in milliseconds, and the median ratio of the pairs."""

    size: int
    compressed: int
    queries: int
    cpu: float
    fixed_cpu: float
    ratio: float


class Browser:
    """Requests pages as `user` through all layers of the site except the server."""

    def __init__(self, user):
        client = Client()
        client.force_login(user)
        self._headers = headers(client.session.session_key)
        self._fixed_headers = headers(fixed_page.create_session(user))
        self._handler = WSGIHandler()

    def get(self, address):
        """Return (status, headers, body) of a GET request."""
        url = urlsplit(address)
        sent = self._fixed_headers if url.path == fixed_page.PATH else self._headers
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.items()}
        environ |= {"PATH_INFO": unquote(url.path, "latin-1"), "QUERY_STRING": url.query, "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        started = []
        response = self._handler(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
        body = b"".join(response)
        response.close()
        status, received = started[0]
        return int(status[:3]), {name.lower(): value for name, value in received}, body

    def read(self, address):
        """Return the uncompressed body of a page, or None if the status is not 200."""
        status, received, body = self.get(address)
        if status != 200:
            return None
        return gzip.decompress(body) if received.get("content-encoding") == "gzip" else body


def measure(browser, address, runs):
    """Request a page and the fixed page `runs` times in pairs and return the Result.

    Raises RuntimeError if the status of either page is not 200.
    """
    for checked in (fixed_page.PATH, address):
        status, _headers, compressed = browser.get(checked)
        if status != 200:
            raise RuntimeError(f"{checked} has status {status}")
    text = browser.read(address)
    queries = _count_queries(browser, address)
    for _number in range(min(WARM_UP, runs)):
        _measure_once(browser, address)
        _measure_once(browser, fixed_page.PATH)
    pairs = []
    for number in range(runs):
        # The order alternates, so that neither page always follows the other.
        first, second = (address, fixed_page.PATH) if number % 2 else (fixed_page.PATH, address)
        cpu = {first: _measure_once(browser, first), second: _measure_once(browser, second)}
        pairs.append((cpu[address], cpu[fixed_page.PATH]))
    page_cpu, fixed_cpu = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
    ratio = statistics.median(page / fixed for page, fixed in pairs)
    return Result(len(text), len(compressed), queries, page_cpu, fixed_cpu, ratio)


def _measure_once(browser, address):
    start = time.thread_time()
    browser.get(address)
    return time.thread_time() - start


def _count_queries(browser, address):
    count = 0

    def count_query(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(count_query):
        browser.get(address)
    return count
