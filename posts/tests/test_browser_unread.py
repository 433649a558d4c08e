"""Unread posts and the unread count in a browser."""

import re

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.models import Membership
from posts.tests.browser_waits import wait_for_frames, wait_for_polls, wait_until
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    """Poll often, and show ten posts per page."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


def test_unread_line_is_above_posts_after_the_last_visit(browse, student, classmate, common_room):
    old = actions.write_post(classmate, common_room, "Old")
    page = browse(COMMON, student)
    wait_until(page, lambda: Membership.objects.get(user=student).last_read == old.pk)
    page.close()
    unread = actions.write_post(classmate, common_room, "New")
    page = browse(COMMON, student, java_script_enabled=False)

    assert Membership.objects.get(user=student).last_read < unread.pk
    assert page.locator(".unread-line").count() == 1
    assert page.locator(".unread-line + .post .post-body").inner_text().strip() == "New"


@pytest.mark.parametrize("first", [15, 80], ids=["more than a page", "less than a page"])
def test_room_opens_at_the_first_unread_post_and_marks_posts_on_screen(
    browse, student, classmate, common_room, settings, first
):
    settings.POSTS_PER_PAGE = 50
    ids = [post.pk for post in PostFactory.create_batch(100, room=common_room, author=classmate)]
    actions.mark_read(student, common_room, ids[first - 1])

    def last_read():
        return Membership.objects.get(user=student, room=common_room).last_read

    page = browse(COMMON, student)
    line = page.locator(".unread-line")
    wait_until(page, lambda: last_read() > ids[first])
    on_screen, seen = line.bounding_box()["y"], last_read()
    text = page.get_by_role("link", name="Go to newest").inner_text()
    page.get_by_role("link", name="Go to newest").click()
    page.locator(f"#post-{ids[-1]}").wait_for()
    page.wait_for_load_state()
    wait_for_frames(page)
    page.goto("/rooms/")
    wait_until(page, lambda: last_read() == ids[-1])

    assert 0 < on_screen < 300
    assert line.count() == 0
    assert seen < ids[first + 19]
    assert re.search(r"\d+", text)[0] == str(100 - ids.index(seen) - 1)


def test_received_post_is_marked_as_read_later_or_when_the_user_leaves(browse, student, classmate, common_room):
    page = browse(None, student)
    page.add_init_script("Math.random = () => 0.99")
    page.goto(COMMON)
    post = actions.write_post(classmate, common_room, "Received")
    page.get_by_text("Received", exact=True).wait_for()
    wait_for_polls(page)
    marks = page.requests.count(f"{COMMON}read/")
    page.goto("/rooms/")
    wait_until(page, lambda: Membership.objects.get(user=student).last_read == post.pk)

    assert marks == 0
    assert page.requests.count(f"{COMMON}read/") == 1


@pytest.mark.parametrize("has_scripts", [True, False])
def test_menu_marks_all_posts_of_the_room_as_read(browse, student, classmate, common_room, has_scripts):
    actions.mark_read(student, common_room, PostFactory(room=common_room, author=classmate).pk)
    PostFactory.create_batch(20, room=common_room, author=classmate)
    post = actions.write_post(classmate, common_room, "@sam, are you there?")
    page = browse(COMMON, student, java_script_enabled=has_scripts)
    badge = page.locator("[data-unread-count]")
    badge.wait_for()
    page.locator(".conversation-head summary").click()
    page.get_by_role("button", name="Mark all as read").click()
    badge.wait_for(state="hidden")
    page.locator(".room-list [data-count]").wait_for(state="hidden")

    assert Membership.objects.get(user=student).last_read == post.pk
    assert page.url.endswith(COMMON)
    if has_scripts:
        expect(page.get_by_role("link", name="Go to newest")).to_have_text(re.compile(r"^\D+$"))
        assert page.requests.count("/static/js/homeroom.js") == 1  # the page is loaded once


def test_posts_marked_as_unread_can_be_marked_as_read(browse, student, classmate, common_room):
    post = actions.write_post(classmate, common_room, "Hello")
    page = browse(COMMON, student)
    page.locator(f"#post-{post.pk} summary").click()
    page.get_by_role("button", name="Mark unread from here").click()
    page.get_by_text("Marked as unread").wait_for()
    page.locator(".room-list [data-count]").wait_for()
    page.locator(".conversation-head summary").click()
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_text("Marked as read").wait_for()
    page.locator(".room-list [data-count]").wait_for(state="hidden")

    assert Membership.objects.get(user=student).last_read == post.pk


def test_bell_of_a_room_shows_and_changes_its_level(browse, student, common_room):
    page = browse(COMMON, student)
    page.get_by_role("button", name="Notifications: mentions and replies. Turn off").click()
    bell = page.get_by_role("button", name="Notifications: none. Turn on")
    expect(bell).to_be_focused()
    level = Membership.objects.get(user=student).notify
    page.locator(".conversation-head summary").click()
    page.get_by_role("button", name="Turn on notifications").click()
    expect(bell).to_be_hidden()

    assert (level, Membership.objects.get(user=student).notify) == ("nothing", "mentions")
    assert page.requests.count(COMMON) == 1


def test_unread_count_changes_without_reloading(browse, student, classmate, client_for):
    page = browse("/students/", student)
    number = page.locator("[data-unread-count]")
    hidden = number.is_hidden()
    client_for(classmate).post(COMMON, {"body": "@sam, are you there?"})
    page.locator("[data-unread-count='1']").wait_for()
    title = page.title()
    client_for(student).post("/notifications/read/")
    number.wait_for(state="hidden")

    assert hidden
    assert title.startswith("(1) ")
    assert page.requests.count("/students/") == 1


def test_opening_a_notification_marks_it_as_read(browse, student, classmate, common_room):
    actions.write_post(classmate, common_room, "@sam, are you there?")
    page = browse("/notifications/", student)
    page.get_by_role("link", name=re.compile("mentioned you")).click()
    page.get_by_text("@sam, are you there?").wait_for()
    page.locator("[data-unread-count]").wait_for(state="hidden")


def test_page_on_which_posts_were_marked_as_unread_marks_nothing_as_read(browse, student, classmate, common_room):
    posts = [actions.write_post(classmate, common_room, f"Post {number}") for number in range(3)]
    page = browse(COMMON, student)
    membership = Membership.objects.get(user=student, room=common_room)
    wait_until(page, lambda: Membership.objects.get(pk=membership.pk).last_read == posts[2].pk)
    row = page.locator(f"#post-{posts[1].pk}")
    row.hover()
    row.locator("summary").click()
    row.get_by_role("button", name="Mark unread from here").click()
    page.get_by_text("Marked as unread").wait_for()
    actions.write_post(classmate, common_room, "Post 3")
    page.get_by_text("Post 3", exact=True).wait_for()
    page.goto("/rooms/")

    assert page.get_by_role("link", name="Common room").locator("[data-number]").inner_text() == "3"
    assert Membership.objects.get(pk=membership.pk).last_read == posts[0].pk
    assert page.requests.count(f"{COMMON}read/") == 2
