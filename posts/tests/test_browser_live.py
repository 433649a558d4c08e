"""Live streams in a browser: updates, hidden pages and lost connections."""

import re

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.tests.browser_live import ROOM, hide, is_live, open_tab, streams_opened, until_closed, until_live
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.live import session_of
from posts.tests.live_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOGGING = ("-m", "uvicorn", "config.asgi:application", "--lifespan", "on")


@pytest.fixture
def server(transactional_db):
    with Server(*LOGGING) as running:
        yield running


@pytest.fixture
def screen(chromium, server):
    """Return a function that opens `path` for a person in a browser of their own."""
    contexts = []

    def open_screen(person, path=ROOM):
        context = chromium.new_context(base_url=server.url, viewport={"width": 1000, "height": 700})
        context.set_default_timeout(25_000)
        context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": server.url}])
        contexts.append(context)
        return open_tab(context, path)

    yield open_screen
    for context in contexts:
        context.close()


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


def test_each_visible_page_has_its_own_stream(screen, server, student, classmate, common_room):
    first = screen(student)
    second = open_tab(first.context)
    for page in (first, second):
        until_live(page)

    actions.write_post(classmate, common_room, "to both pages")

    for page in (first, second):
        expect(page.get_by_text("to both pages")).to_be_visible()
        assert page.polls == []
    assert streams_opened(server) == 2


def test_hidden_page_closes_its_stream_and_continues_from_its_revision(screen, server, student, classmate, common_room):
    page = screen(student)
    until_live(page)
    hide(page)
    until_closed(page)
    page.polls.clear()
    for number in range(3):
        actions.write_post(classmate, common_room, f"meanwhile {number}")
    listening = screen(student)
    expect(listening.get_by_text("meanwhile")).to_have_count(3)
    assert page.get_by_text("meanwhile").count() == 0

    hide(page, False)

    expect(page.get_by_text("meanwhile")).to_have_count(3)
    until_live(page)
    actions.write_post(classmate, common_room, "and live again")
    expect(page.get_by_text("and live again")).to_be_visible()


def test_page_that_is_hidden_briefly_keeps_its_stream(screen, server, student):
    page = screen(student)
    until_live(page)
    page.clock.install()

    hide(page)
    page.clock.run_for(1500)
    hide(page, False)
    page.clock.run_for(5000)

    assert is_live(page)
    assert streams_opened(server) == 1


def test_hidden_page_gets_the_unread_count_from_a_visible_one(screen, server, student, classmate, common_room):
    hidden = screen(student, path="/notifications/")
    until_live(hidden)
    hide(hidden)
    until_closed(hidden)
    opened = streams_opened(server)
    visible = open_tab(hidden.context)
    until_live(visible)

    actions.write_post(classmate, common_room, "hello @sam")

    expect(visible.locator("[data-unread-count]")).to_have_text("1")
    expect(hidden.locator("[data-unread-count]")).to_have_text("1")
    assert streams_opened(server) == opened + 1


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


def test_who_is_removed_from_the_room_is_shown_out(screen, student, teacher):
    room = RoomFactory(owner=teacher, slug="chemistry")
    membership = MembershipFactory(room=room, user=student)
    page = screen(student, path="/rooms/chemistry/")
    until_live(page)

    actions.remove_member(membership, teacher)

    expect(page.locator("[data-conversation]")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
