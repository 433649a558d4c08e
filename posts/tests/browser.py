"""Fixtures for tests that need a browser. The root conftest loads them."""

import asyncio
import contextlib
import os
import shutil
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from django.core.signals import request_finished, request_started

from accounts.tests.sessions import create_session

# The first is Chromium without a user interface. It takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "The browser tests were skipped because Chromium is not installed. "
    "Install it (apt-get install chromium-headless-shell), or set CHROMIUM to its path."
)
TIMEOUT = 25_000  # milliseconds; the machine can be slow for a moment
QUIET_SECONDS = 0.02
# A page can request its stream again after its session has ended. The live server redirects it to the sign-in page.
ENDED_STREAM = 'EventSource\'s response has a MIME type ("text/html")'
# Turn off the browser's own requests, because a test fails if a page sends a request to another host.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
    "--disable-quic",
]


def pytest_terminal_summary(terminalreporter):
    """Print once that the browser tests were skipped, and how to install a browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NO_BROWSER, yellow=True)


@pytest.fixture(scope="session")
def launch():
    """Return a function that returns the running browser at `path`. It is started once, because that takes a second.

    Playwright runs an event loop in this thread. Outside modules that use `chromium`, asyncio does not know about
    it, because other tests run event loops of their own, and Django checks that async code makes no unsafe calls.
    """
    browsers, loop, playwright = {}, None, None

    def launch(path):
        nonlocal loop, playwright
        if playwright is None:
            from playwright.sync_api import expect, sync_playwright

            expect.set_options(timeout=TIMEOUT)
            playwright = sync_playwright().start()
            loop = asyncio.get_running_loop()
        asyncio._set_running_loop(loop)
        if path not in browsers:
            browsers[path] = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        return browsers[path]

    yield launch
    if playwright is not None:
        asyncio._set_running_loop(loop)
        for browser in browsers.values():
            browser.close()
        playwright.stop()


@pytest.fixture(scope="module")
def chromium(request, launch):
    """A running browser: Chromium, or the one whose path is in the environment variable that is the parameter."""
    variable = getattr(request, "param", "CHROMIUM")
    path = os.environ.get(variable)
    if path is None and variable == "CHROMIUM":
        path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(NO_BROWSER if variable == "CHROMIUM" else f"{variable} is not set")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Otherwise the kernel delays each response of the live server by 40 ms, because it is sent in several parts.
        patch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
        yield launch(path)
        asyncio._set_running_loop(None)


@pytest.fixture
def browse(chromium, live_server):
    """Return a function that opens `path` in a new browser context, signed in as a user.

    Without a path the page is empty, and without a user it is signed out. Fails if a page logs an error or sends a
    request to another host. A test that expects an error appends a part of its text to `page.expected_problems`.
    """
    contexts, pages = [], []

    def open_page(path, user=None, **options):
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1280, "height": 720}} | options
        )
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        pages.append(watch(page, live_server.url))
        if path is not None:
            page.goto(path)
        return page

    with count_requests() as wait_for_requests:
        yield open_page
        for context in contexts:
            context.close()
        # The database is flushed after the test.
        wait_for_requests()
    assert [problem for page in pages for problem in page.problems if not is_expected(page, problem)] == []


@contextlib.contextmanager
def count_requests():
    """Yield a function that waits until the live server has answered all requests."""
    number, condition, test_thread = 0, threading.Condition(), threading.get_ident()

    def count(by):
        nonlocal number
        if threading.get_ident() == test_thread:  # a request of the test client
            return
        with condition:
            number += by
            condition.notify_all()

    def begin(**kwargs):
        count(1)

    def end(**kwargs):
        count(-1)

    def wait():
        time.sleep(QUIET_SECONDS)  # for requests that no thread has accepted yet
        with condition:
            assert condition.wait_for(lambda: number == 0, timeout=30)

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        yield wait
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)


def session_cookie(user, url):
    """Return the cookie of a new session of `user`, in the format of Playwright."""
    return {"name": "sessionid", "value": create_session(user), "url": url}


def watch(page, url):
    """Record errors in `page.problems` and the paths of requests in `page.requests`."""
    host = urlsplit(url).netloc
    page.problems, page.expected_problems, page.requests = [], [], []

    def on_request(request):
        url = urlsplit(request.url)
        page.requests.append(url.path)
        if url.scheme not in ("data", "blob") and url.netloc != host:
            page.problems.append(f"request to another host: {request.url}")

    def on_console(message):
        if message.type in ("error", "warning"):
            page.problems.append(f"{message.type} on {page.url}: {message.text} ({message.location['url']})")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: page.problems.append(f"exception on {page.url}: {error}"))
    return page


def is_expected(page, problem):
    """Return whether the test of `page` expects `problem`, or a stream was redirected to the sign-in page."""
    if ENDED_STREAM in problem and "/login/" in page.requests:
        return True
    return any(text in problem for text in page.expected_problems)


def horizontal_overflow(page):
    """Return the number of pixels by which the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
