"""Screens that move by themselves: two people, several tabs, one that nobody looks at, a server that goes away."""

import re
import time

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.models import Room
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.live import Server, session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOM = "/rooms/common/"
LOGGING = ("-m", "uvicorn", "config.asgi:application", "--lifespan", "on")


@pytest.fixture
def server(transactional_db):
    with Server(*LOGGING) as running:
        yield running


@pytest.fixture
def screen(chromium, server):
    """Return a function that opens `path` for a person in a browser of their own; `script` runs before the page's."""
    contexts = []

    def open_screen(person, path=ROOM, script=None):
        context = chromium.new_context(base_url=server.url, viewport={"width": 1000, "height": 700})
        context.set_default_timeout(25_000)
        context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": server.url}])
        if script:
            context.add_init_script(script)
        contexts.append(context)
        return open_tab(context, path)

    yield open_screen
    for context in contexts:
        context.close()


def open_tab(context, path=ROOM):
    page = context.new_page()
    page.polls = []
    page.on("request", lambda request: "updates" in request.url and page.polls.append(request.url))
    page.goto(path)
    return page


def until_live(page):
    """Wait until the page has its stream."""
    page.wait_for_function("import('/static/js/live.js').then((live) => live.isLive())")
    page.polls.clear()


def hide(page, hidden=True):
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def write(page, text):
    page.get_by_label("Your post").fill(text)
    page.get_by_label("Your post").press("Enter")


def test_two_people_see_each_others_posts_edits_removals_and_badge(screen, student, classmate):
    sam, kim = screen(student), screen(classmate)
    until_live(sam)
    until_live(kim)

    write(kim, "Is anybody here, @sam?")
    row = sam.locator(".post", has_text="Is anybody here")
    expect(row).to_be_visible()
    expect(row).to_have_class(re.compile("is-for-me"))
    expect(sam.locator("[data-unread-count]")).to_have_text("1")
    expect(sam).to_have_title(re.compile(r"^\(1\) "))
    write(sam, "I am")
    mine = kim.locator(".post", has_text="I am")
    expect(mine).to_be_visible()
    expect(mine).not_to_have_class(re.compile("is-mine"))

    post = classmate.posts.get()
    actions.edit_post(post, "Is anybody there?", classmate)
    expect(sam.locator(".post", has_text="Is anybody there?")).to_be_visible()
    expect(sam.locator("[data-unread-count]")).to_be_hidden()
    expect(kim.locator(".post", has_text="Is anybody there?")).to_have_class(re.compile("is-mine is-removable"))

    actions.remove_post(post, classmate)
    expect(sam.locator(".post", has_text="This post was deleted by its author.")).to_be_visible()
    assert sam.polls == kim.polls == []


def test_all_tabs_of_a_browser_share_one_stream(screen, server, student, classmate, common_room):
    first = screen(student)
    until_live(first)
    tabs = [first, *(open_tab(first.context) for _ in range(7))]
    for tab in tabs:
        until_live(tab)

    actions.write_post(classmate, common_room, "to every tab")

    for tab in tabs:
        expect(tab.get_by_text("to every tab")).to_be_visible()
    assert server.said().count("GET /live/") == 1


def test_tab_in_the_background_costs_nothing_and_catches_up(screen, server, student, classmate, common_room):
    page = screen(student)
    until_live(page)
    hide(page)
    time.sleep(3)
    page.polls.clear()

    for number in range(3):
        actions.write_post(classmate, common_room, f"meanwhile {number}")
    time.sleep(1.5)
    assert page.get_by_text("meanwhile").count() == 0
    assert page.polls == []

    hide(page, False)
    expect(page.get_by_text("meanwhile")).to_have_count(3)
    until_live(page)
    actions.write_post(classmate, common_room, "and live again")
    expect(page.get_by_text("and live again")).to_be_visible()
    assert page.polls == []


def test_what_is_being_read_is_not_moved(screen, student, classmate, common_room):
    for post in PostFactory.create_batch(45, room=common_room, author=classmate):
        last = post
    page = screen(student)
    until_live(page)
    page.locator("[data-scroll]").evaluate("(scroll) => { scroll.scrollTop = -900; }")
    page.wait_for_timeout(300)
    middle = page.locator(f"#post-{last.pk - 20}")
    before = middle.bounding_box()["y"]

    actions.write_post(classmate, common_room, "down there")
    actions.edit_post(last, "longer " * 18, classmate)

    expect(page.locator("[data-notice]")).to_have_text("1 new post")
    expect(page.get_by_text("longer longer")).to_be_attached()
    assert abs(middle.bounding_box()["y"] - before) < 2
    page.get_by_text("1 new post").click()
    expect(page.get_by_text("down there")).to_be_in_viewport()


def test_lost_connection_is_mentioned_only_while_it_is_lost(screen, server, student, classmate, common_room):
    page = screen(student)
    until_live(page)
    expect(page.locator("[data-notice]")).to_be_hidden()
    server.stop()
    expect(page.locator("[data-notice]")).to_have_text(re.compile("connection is lost"), timeout=12000)
    actions.write_post(classmate, common_room, "while it was away")

    server.start()

    expect(page.get_by_text("while it was away")).to_be_visible(timeout=20000)
    expect(page.locator("[data-notice]")).to_be_hidden(timeout=12000)


def test_browser_without_shared_workers_streams_too(screen, student, classmate, common_room):
    page = screen(student, script="delete window.SharedWorker")
    until_live(page)

    actions.write_post(classmate, common_room, "without a worker")

    expect(page.get_by_text("without a worker")).to_be_visible()
    assert page.polls == []


def test_page_polls_where_the_server_cannot_stream(chromium, live_server, student, classmate, settings):
    settings.POLL_SECONDS = 1
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": session_of(student), "url": live_server.url}])
    page = open_tab(context)

    actions.write_post(classmate, Room.objects.get(is_common=True), "asked for")

    expect(page.get_by_text("asked for")).to_be_visible()
    assert page.polls
    context.close()


def test_who_is_removed_from_the_room_is_shown_out(screen, student, teacher):
    room = RoomFactory(owner=teacher, slug="chemistry")
    membership = MembershipFactory(room=room, user=student)
    page = screen(student, path="/rooms/chemistry/")
    until_live(page)

    actions.remove_member(membership, teacher)

    expect(page.locator("[data-conversation]")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
