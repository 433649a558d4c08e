"""Live streams in a browser: updates, hidden pages and lost connections."""

import re

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.tests.browser_live import (
    COMMON,
    count_opened_streams,
    hide,
    is_live,
    open_tab,
    wait_until_closed,
    wait_until_live,
)
from posts.tests.browser_waits import wait_for_frames
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.live import create_session
from posts.tests.live_server import Server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMAND_WITH_ACCESS_LOG = ("-m", "uvicorn", "config.asgi:application", "--lifespan", "on")


@pytest.fixture(scope="module")
def server(django_db_setup):
    """A running server with an access log. The tests share it."""
    with Server(*COMMAND_WITH_ACCESS_LOG) as running:
        yield running


@pytest.fixture
def open_as(chromium, server):
    """Return a function that opens `path` for a user in a separate browser context."""
    contexts = []

    def open_screen(user, path=COMMON, server=server):
        context = chromium.new_context(base_url=server.url, viewport={"width": 1000, "height": 700})
        context.set_default_timeout(25_000)
        context.add_cookies([{"name": "sessionid", "value": create_session(user), "url": server.url}])
        contexts.append(context)
        return open_tab(context, path)

    yield open_screen
    for context in contexts:
        context.close()


def write(page, text):
    page.get_by_label("Your post").fill(text)
    page.get_by_label("Your post").press("Enter")


def test_two_users_receive_posts_edits_removals_and_unread_counts(open_as, student, classmate):
    sam, kim = open_as(student), open_as(classmate)
    wait_until_live(sam)
    wait_until_live(kim)

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
    expect(sam.locator(".post", has_text="Is anybody there?")).to_have_count(0)
    expect(sam.locator(f"#post-{post.pk}")).to_be_hidden()  # nobody has replied
    assert sam.polls == kim.polls == []


def test_mention_of_the_room_is_marked_for_all_users(open_as, student, classmate, admin, common_room):
    pages = [open_as(user) for user in (student, classmate)]
    for page in pages:
        wait_until_live(page)

    actions.write_post(admin, common_room, "@room No lessons tomorrow")

    for page in pages:
        expect(page.locator(".post", has_text="No lessons")).to_have_class(re.compile("is-for-me"))
        expect(page.locator("[data-unread-count]")).to_have_text("1")


def test_each_visible_page_has_its_own_stream(open_as, server, student, classmate, common_room):
    opened = count_opened_streams(server)
    first = open_as(student)
    second = open_tab(first.context)
    for page in (first, second):
        wait_until_live(page)

    actions.write_post(classmate, common_room, "to both pages")

    for page in (first, second):
        expect(page.get_by_text("to both pages")).to_be_visible()
        assert page.polls == []
    assert count_opened_streams(server) == opened + 2


def test_hidden_page_closes_its_stream_and_continues_from_its_revision(
    open_as, server, student, classmate, common_room
):
    page = open_as(student)
    wait_until_live(page)
    hide(page)
    wait_until_closed(page)
    page.polls.clear()
    for number in range(3):
        actions.write_post(classmate, common_room, f"meanwhile {number}")
    visible = open_as(student)
    expect(visible.get_by_text("meanwhile")).to_have_count(3)
    assert page.get_by_text("meanwhile").count() == 0

    hide(page, False)

    expect(page.get_by_text("meanwhile")).to_have_count(3)
    wait_until_live(page)
    actions.write_post(classmate, common_room, "and live again")
    expect(page.get_by_text("and live again")).to_be_visible()


def test_briefly_hidden_page_does_not_close_its_stream(open_as, server, student):
    opened = count_opened_streams(server)
    page = open_as(student)
    wait_until_live(page)
    page.clock.install()

    hide(page)
    page.clock.run_for(1500)
    hide(page, False)
    page.clock.run_for(5000)

    assert is_live(page)
    assert count_opened_streams(server) == opened + 1


def test_hidden_page_gets_the_unread_count_from_a_visible_one(open_as, server, student, classmate, common_room):
    hidden = open_as(student, path="/notifications/")
    wait_until_live(hidden)
    hide(hidden)
    wait_until_closed(hidden)
    opened = count_opened_streams(server)
    visible = open_tab(hidden.context)
    wait_until_live(visible)

    actions.write_post(classmate, common_room, "hello @sam")

    expect(visible.locator("[data-unread-count]")).to_have_text("1")
    expect(hidden.locator("[data-unread-count]")).to_have_text("1")
    assert count_opened_streams(server) == opened + 1


def test_visible_posts_do_not_move_when_posts_arrive(open_as, student, classmate, common_room):
    for post in PostFactory.create_batch(45, room=common_room, author=classmate):
        last = post
    page = open_as(student)
    wait_until_live(page)
    page.locator("[data-scroll]").evaluate("(scroll) => { scroll.scrollTop = -900; }")
    wait_for_frames(page)
    middle = page.locator(f"#post-{last.pk - 20}")
    before = middle.bounding_box()["y"]

    actions.write_post(classmate, common_room, "down there")
    actions.edit_post(last, "longer " * 18, classmate)

    expect(page.get_by_role("link", name="Go to newest 1")).to_be_visible()
    expect(page.get_by_text("longer longer")).to_be_attached()
    assert abs(middle.bounding_box()["y"] - before) < 2
    page.get_by_role("link", name="Go to newest").click()
    expect(page.get_by_text("down there")).to_be_in_viewport()


def test_lists_of_rooms_are_counted_and_ordered_live(open_as, student, classmate, teacher):
    chess, choir = (RoomFactory(owner=teacher, name=name) for name in ("Chess", "Choir"))
    for user in (student, classmate):
        for room in (chess, choir):
            MembershipFactory(room=room, user=user)
    beside = open_as(student)
    wait_until_live(beside)

    actions.write_post(classmate, chess, "The king is lost")
    expect(beside.locator("[data-room]").first).to_have_text(re.compile("Chess.*1", re.DOTALL))
    expect(beside).to_have_title(re.compile("^• "))
    rooms = open_as(classmate, "/rooms/")
    wait_until_live(rooms)
    actions.write_post(student, choir, "Who sings?")
    expect(beside.locator(".room-row-name").first).to_have_text("Choir")
    expect(beside.locator("[data-room]").first.locator("[data-count]")).to_be_hidden()
    expect(rooms.locator("[data-room]").first).to_have_text(re.compile("Choir.*Who sings.*1", re.DOTALL))
    actions.write_post(classmate, chess, "@sam, your move")
    expect(beside.locator("[data-room]").first).to_have_text(re.compile("Chess.*@1", re.DOTALL))

    assert "king" not in beside.locator(".room-list").inner_text()
    beside.set_viewport_size({"width": 360, "height": 740})
    expect(beside.get_by_role("link", name="Rooms unread posts")).to_be_visible()


def test_lost_connection_is_shown_until_it_returns(open_as, student, classmate, common_room):
    with Server(POLL_SECONDS="1") as server:
        page = open_as(student, server=server)
        wait_until_live(page)
        expect(page.locator("[data-notice]")).to_be_hidden()
        server.stop()
        expect(page.locator("[data-notice]")).to_have_text(re.compile("You're offline"), timeout=12000)
        actions.write_post(classmate, common_room, "while it was away")

        server.start()

        expect(page.get_by_text("while it was away")).to_be_visible(timeout=20000)
        expect(page.locator("[data-notice]")).to_be_hidden(timeout=12000)


def test_removed_member_leaves_the_room_page(open_as, student, teacher):
    room = RoomFactory(owner=teacher, slug="chemistry")
    membership = MembershipFactory(room=room, user=student)
    page = open_as(student, path="/rooms/chemistry/")
    wait_until_live(page)

    actions.remove_member(membership, teacher)

    expect(page.locator("[data-conversation]")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
