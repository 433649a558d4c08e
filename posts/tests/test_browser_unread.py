"""Unread posts and the unread count in a browser."""

import re

import pytest

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
    actions.write_post(classmate, common_room, "Old")
    page = browse(COMMON, student)
    page.wait_for_function("performance.getEntriesByType('resource').some(it => it.name.endsWith('/read/'))")
    page.close()
    unread = actions.write_post(classmate, common_room, "New")
    page = browse(COMMON, student, java_script_enabled=False)

    assert Membership.objects.get(user=student).last_read < unread.pk
    assert page.locator(".unread-line").count() == 1
    assert page.locator(".unread-line + .post .post-body").inner_text().strip() == "New"


def test_room_with_many_unread_posts_starts_at_the_first_and_stays_unread(browse, student, classmate, common_room):
    ids = [post.pk for post in PostFactory.create_batch(100, room=common_room, author=classmate)]
    newest = actions.write_post(classmate, common_room, "The newest post")
    actions.mark_read(student, common_room, ids[14])
    page = browse(COMMON, student)
    line = page.locator(".unread-line")
    wait_for_frames(page)
    on_screen = line.bounding_box()["y"]
    first_unread = page.locator(".unread-line + .post").get_attribute("data-post")
    last_read = Membership.objects.get(user=student, room=common_room).last_read
    page.get_by_role("link", name="Go to the newest posts").click()
    page.get_by_text("The newest post", exact=True).wait_for()
    wait_until(page, lambda: Membership.objects.get(user=student, room=common_room).last_read == newest.pk)

    assert 0 < on_screen < 300
    assert first_unread == str(ids[15])
    assert last_read == ids[14]


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


def test_button_marks_the_room_as_read_without_scripts(browse, student, classmate, common_room):
    post = actions.write_post(classmate, common_room, "Unread post")
    page = browse(COMMON, student, java_script_enabled=False)
    with page.expect_navigation():
        page.get_by_role("button", name="Mark all as read").click()

    assert Membership.objects.get(user=student).last_read == post.pk
    assert page.url.endswith(COMMON)


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
