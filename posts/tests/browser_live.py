"""Helpers for browser tests of live streams."""

import time

COMMON = "/rooms/common/"


def open_tab(context, path=COMMON):
    page = context.new_page()
    page.polls = []
    page.on("request", lambda request: "updates" in request.url and page.polls.append(request.url))
    page.goto(path)
    return page


def is_live(page):
    return page.evaluate("import('/static/js/live.js').then((live) => live.isLive())")


def wait_until_live(page, live=True):
    """Wait until the page has an open stream, or none if `live` is False."""
    deadline = time.monotonic() + 15
    # `wait_for_function` treats the returned promise as true.
    while is_live(page) != live:
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def wait_until_closed(page):
    """Wait until the page has closed its stream."""
    wait_until_live(page, False)


def count_opened_streams(server):
    return server.read_output().count("GET /live/")


def hide(page, hidden=True):
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )
