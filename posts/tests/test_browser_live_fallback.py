"""Heartbeats and polling in a browser."""

import time

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.live.hub import CHECK_SECONDS
from posts.models import Room
from posts.tests.browser_live import COMMON, is_live, open_tab, wait_until_live
from posts.tests.live import create_session
from posts.tests.live_server import Server, frequent_checks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT_HEARTBEATS = """
window.beats = 0;
window.EventSource = class extends EventSource {
  constructor(url) {
    super(url);
    this.addEventListener("beat", () => (window.beats += 1));
  }
};
"""


def test_quiet_page_uses_one_stream_in_two_minutes(chromium, transactional_db, student):
    """Heartbeats are 60 times as frequent, and each of them advances the clock of the page by their normal interval."""
    with Server(*frequent_checks(CHECK_SECONDS / 60)) as server:
        opened = []
        context = chromium.new_context(base_url=server.url)
        context.add_cookies([{"name": "sessionid", "value": create_session(student), "url": server.url}])
        context.add_init_script(COUNT_HEARTBEATS)
        page = context.new_page()
        page.clock.install()
        page.on("request", lambda request: "/live/" in request.url and opened.append(request.url))
        page.goto(COMMON)
        wait_until_live(page)
        deadline = time.monotonic() + 120
        for _beat in range(40):
            beats = page.evaluate("window.beats")
            while page.evaluate("window.beats") == beats:
                assert time.monotonic() < deadline, "no heartbeat reached the page"
                page.wait_for_timeout(10)
            page.clock.run_for(CHECK_SECONDS * 1000)

        assert is_live(page)
        assert len(opened) == 1
        context.close()


def test_page_polls_while_no_heartbeat_arrives(chromium, transactional_db, student, classmate, common_room):
    """Like a proxy that buffers streams: the response starts, but no events arrive."""
    with Server(POLL_SECONDS="1") as server:
        context = chromium.new_context(base_url=server.url)
        context.add_cookies([{"name": "sessionid", "value": create_session(student), "url": server.url}])
        context.add_init_script("EventSource.prototype.addEventListener = () => {};")
        page = open_tab(context)
        page.wait_for_event("request", lambda request: "updates" in request.url)

        actions.write_post(classmate, common_room, "through a poll")

        expect(page.get_by_text("through a poll")).to_be_visible(timeout=12_000)
        assert not is_live(page)
        context.close()


def test_page_polls_if_the_server_cannot_stream(chromium, live_server, student, classmate, settings):
    settings.POLL_SECONDS = 1
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": create_session(student), "url": live_server.url}])
    page = open_tab(context)

    actions.write_post(classmate, Room.objects.get(is_common=True), "polled")

    expect(page.get_by_text("polled")).to_be_visible()
    assert page.polls
    context.close()
