"""Conditions that browser tests wait for."""

import time


def wait_until(page, condition, timeout=15):
    """Wait until `condition()` is true. Events of the page are processed between the calls."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "condition not met"
        page.wait_for_timeout(20)


def wait_for_polls(page):
    """Wait for the responses to two polls, because the first one may have started before this call."""
    for _number in range(2):
        with page.expect_response("**/updates/**"):
            pass


def wait_for_frames(page):
    """Wait until the page has handled its pending scroll events and is rendered again."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
