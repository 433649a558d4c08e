"""Layout and motion in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.tests.factories import TeacherFactory
from posts.actions import write_post
from posts.models import Notification
from posts.tests.browser import horizontal_overflow
from posts.tests.browser_pages import COMMON
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def disable_polling(settings):
    """Prevent polls during a test."""
    settings.POLL_SECONDS = 600


def test_reduced_motion_disables_animations(browse, student):
    page = browse("/students/", student, reduced_motion="reduce")
    animated = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(it => {
            const style = getComputedStyle(it);
            return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )

    assert animated == 0


def test_directory_search_finds_a_teacher(browse, teacher):
    TeacherFactory(username="mr.fox")
    page = browse("/teachers/", teacher)
    page.get_by_role("searchbox").fill("fox")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="mr.fox").click()
    page.wait_for_url("**/users/mr.fox/")


@pytest.mark.parametrize(("height", "is_scrolled"), [(256, True), (568, False)])
@pytest.mark.parametrize("scripts", [True, False])
def test_bars_scroll_with_the_page_in_a_low_window(browse, student, classmate, scripts, height, is_scrolled):
    PostFactory.create_batch(9, author=classmate)
    for path in ("/students/", COMMON):
        page = browse(path, student, viewport={"width": 320, "height": height}, java_script_enabled=scripts)
        page.mouse.move(20, 20)
        page.mouse.wheel(0, 2000)
        tabs = expect(page.get_by_role("navigation", name="Main"))
        (tabs.not_to_be_in_viewport if is_scrolled else tabs.to_be_in_viewport)()
    page.locator("textarea").click()  # fails if another element covers it
    page.keyboard.type("Enough space")
    page.locator("[data-composer] [type=submit]").click()

    expect(page.locator(".post-body", has_text="Enough space")).to_be_visible()
    assert page.locator("[data-scroll]").evaluate("it => it.clientHeight") > 150


def test_pages_fit_on_a_phone_with_text_of_twice_the_size(browse, student, classmate, common_room):
    """A window of 180 pixels is as wide for normal text as one of 360 pixels for text of twice the size."""
    write_post(classmate, common_room, "@sam and a long-word-without-spaces")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
    page = browse(None, student, viewport={"width": 180, "height": 370})
    overflow = {}
    for path in (COMMON, "/home/student/", "/notifications/", "/account/", "/students/"):
        page.goto(path)
        overflow[path] = horizontal_overflow(page)
        expect(page.get_by_role("link", name="Teachers")).to_be_in_viewport(ratio=0.9)
        expect(page.locator("[data-menu] summary")).to_be_in_viewport(ratio=0.9)
    page.goto(COMMON)

    assert overflow == dict.fromkeys(overflow, 0)
    assert page.locator("[data-scroll]").evaluate("it => it.clientHeight") > 70


def test_grouped_posts_show_their_times_on_hover(browse, student, classmate):
    for _number in range(5):
        PostFactory(author=classmate)
    page = browse(COMMON, student)
    page.locator(".is-continued").last.hover()

    assert page.locator(".is-continued .post-time").last.is_visible()


def test_author_deletes_and_moderator_removes(browse, student, admin):
    PostFactory(author=student)
    pages = [browse(COMMON, user) for user in (student, admin)]
    actions = []
    for page in pages:
        page.locator(".post").hover()
        actions.append([link.inner_text() for link in page.locator(".post .act").all() if link.is_visible()])

    assert [[text.split()[0] for text in shown] for shown in actions] == [
        ["Reply", "Edit", "Delete"],
        ["Reply", "Remove"],
    ]
