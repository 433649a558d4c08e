"""A real browser for the tests that are about scripts and looks: fixtures that the root conftest loads."""

import contextlib
import importlib.resources
import os
import shutil
import threading
import time
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from django.test import Client

# The first is Chromium without the parts that show it on a screen, and takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium on this machine, so the browser tests were skipped: "
    "install one (apt-get install chromium-headless-shell), or say where it is with CHROMIUM=/path."
)
QUIET_SECONDS = 0.02
# The browser itself asks nobody for anything: what leaves it is what a page of ours asks for.
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
    """Say once that there was no browser, and how to have one."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(NO_BROWSER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(NO_BROWSER, yellow=True)


@pytest.fixture(scope="module")
def chromium():
    """A running browser.

    For a module and not for the session: while Playwright is there, an event loop runs in this thread, and Django
    has to be told that the tests know what they are doing. Tests of other modules are not to be told that.
    """
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, live_server):
    """Return a function that opens `path` (None: an empty page) for a person (None: a visitor), each in a browser
    of their own.

    After the test, no page may have written an error to its console or have asked another host for anything.
    A test that provokes a problem puts words of it into the `expected` of its page.
    """
    contexts, pages = [], []

    def open_page(path, person=None, **options):
        context = chromium.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1280, "height": 720}} | options
        )
        context.set_default_timeout(25_000)
        contexts.append(context)
        if person is not None:
            context.add_cookies([session_cookie(person, live_server.url)])
        page = context.new_page()
        pages.append(watch(page, live_server.url))
        if path is not None:
            page.goto(path)
        return page

    with count_requests() as wait_for_them:
        yield open_page
        for context in contexts:
            context.close()
        # Else they would meet a database that is emptied meanwhile.
        wait_for_them()
    assert [problem for page in pages for problem in page.problems if not is_expected(page, problem)] == []


@contextlib.contextmanager
def count_requests():
    """Give a function that waits until the server in this process has answered what it was asked."""
    number, changes, tests = 0, threading.Condition(), threading.get_ident()

    def count(by):
        nonlocal number
        if threading.get_ident() == tests:  # a test client's
            return
        with changes:
            number += by
            changes.notify_all()

    def begin(**kwargs):
        count(1)

    def end(**kwargs):
        count(-1)

    def wait():
        time.sleep(QUIET_SECONDS)  # for what had reached the server, and no thread of it yet
        with changes:
            assert changes.wait_for(lambda: number == 0, timeout=30)

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        yield wait
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)


def session_cookie(person, url):
    """Return the cookie of a new session of `person`, in a browser's form."""
    client = Client()
    client.force_login(person)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


def watch(page, url):
    """Keep in `page.problems` what should not happen on any page, and in `page.requests` the paths it asked for."""
    host = urlsplit(url).netloc
    page.problems, page.expected, page.requests = [], [], []

    def on_request(request):
        asked = urlsplit(request.url)
        page.requests.append(asked.path)
        if asked.scheme not in ("data", "blob") and asked.netloc != host:
            page.problems.append(f"asked {request.url}")

    def on_console(message):
        if message.type in ("error", "warning"):
            page.problems.append(f"{message.type} on {page.url}: {message.text} ({message.location['url']})")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: page.problems.append(f"exception on {page.url}: {error}"))
    return page


def is_expected(page, problem):
    """Tell whether a test of `page` said that it would provoke `problem`."""
    return any(words in problem for words in page.expected)


def axe_source():
    """Return the accessibility checker, to be run inside a page."""
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()


def horizontal_overflow(page):
    """Return by how many pixels the page has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
