"""CPU time of pages in this process. Requests alternate between the page and the fixed page."""

import gzip
import statistics
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from posts.benchmark import fixed_page
from posts.benchmark.pages import headers, headers_of

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
        self._headers = headers_of(user)
        self._fixed_headers = headers(fixed_page.create_session(user))
        self._handler = WSGIHandler()

    def get(self, address):
        """Return (status, compressed body) of a GET request."""
        url = urlsplit(address)
        sent = self._fixed_headers if url.path == fixed_page.PATH else self._headers
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.items()}
        environ |= {"PATH_INFO": unquote(url.path, "latin-1"), "QUERY_STRING": url.query, "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        response = self._handler(environ, lambda status, headers: None)
        body = b"".join(response)
        response.close()
        return response.status_code, body


def measure(browser, address, runs):
    """Request a page and the fixed page `runs` times in pairs and return the Result.

    Raises RuntimeError if the status of either page is not 200.
    """
    for checked in (fixed_page.PATH, address):
        status, body = browser.get(checked)
        if status != 200:
            raise RuntimeError(f"{checked} has status {status}")
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
    return Result(len(gzip.decompress(body)), len(body), queries, page_cpu, fixed_cpu, ratio)


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
