"""Sizes of a conversation in a browser: on a phone, with its keyboard open, with large text and in a low window."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from posts.tests.browser import horizontal_overflow
from posts.tests.browser_pages import COMMON
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"has_touch": True, "is_mobile": True}
# The part of each element that is cut off by its own box, in pixels. Names and quotes end in an ellipsis.
CUT_OFF = """
    () => [...document.querySelectorAll(".conversation-head *, .post-body, .post-head, .composer-line *")]
        .filter(it => getComputedStyle(it).overflowX === "hidden" || it.matches("a, p, button"))
        .filter(it => !it.matches(".name, textarea, .visually-hidden, .composer-send"))
        .filter(it => getComputedStyle(it).display !== "inline" && it.scrollWidth > it.clientWidth + 1)
        .map(it => it.className || it.tagName)
"""


@pytest.fixture(autouse=True)
def disable_polling(settings):
    """Prevent polls during a test."""
    settings.POLL_SECONDS = 600


@pytest.fixture
def posts(student, classmate, teacher, common_room):
    """Short posts by two authors in turn, a reply, and a post by the author of the one before."""
    start = timezone.now() - timedelta(hours=1)
    authors = [classmate, teacher] * 8
    posts = [
        PostFactory(author=author, body="so true", created_at=start + timedelta(minutes=minute))
        for minute, author in enumerate(authors)
    ]
    reply = PostFactory(author=classmate, body="me too", reply_to=posts[0], created_at=timezone.now())
    return [*posts, reply, PostFactory(author=classmate, body="and you?", created_at=timezone.now())]


def height(page, selector):
    return page.locator(selector).last.bounding_box()["height"]


def visible_posts(page):
    """Return the number of posts that are completely visible between the top of the conversation and the composer."""
    return page.locator(".post").evaluate_all(
        """rows => {
            const { top, bottom } = document.querySelector("[data-scroll]").getBoundingClientRect();
            const boxes = rows.map(row => row.getBoundingClientRect());
            return boxes.filter(box => box.top >= top && box.bottom <= bottom).length;
        }"""
    )


def test_posts_on_a_phone_have_the_sizes_of_the_design(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 360, "height": 740}, **PHONE)
    *_short, plain, reply, grouped = [f"#post-{post.pk}" for post in posts]
    heights = [height(page, row) for row in (plain, reply, grouped, ".day", ".conversation-head", ".composer-line")]
    targets = [page.locator(f"{row} summary").bounding_box() for row in (plain, grouped)]
    page.locator(f"{reply} summary").tap()
    page.locator(".dropdown-item.is-reply:visible").tap()
    reply_bar = height(page, "[data-reply]")

    assert heights == [50, 70, 26, 24, 52, 55]
    assert [(target["width"], target["height"]) for target in targets] == [(44, 44), (44, 26)]
    assert (height(page, ".composer"), reply_bar) == (56 + 44, 44)
    assert page.locator("[data-scroll]").evaluate("it => it.offsetTop") == 52
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


def test_at_least_nine_short_posts_fit_on_a_phone_and_half_of_the_rest_with_its_keyboard(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 360, "height": 740}, **PHONE)
    with_all = visible_posts(page)
    page.set_viewport_size({"width": 360, "height": 400})
    page.locator(".is-mine, .post").last.locator("summary").tap()
    page.locator(".dropdown-item.is-reply:visible").tap()

    assert with_all >= 9
    assert height(page, "[data-scroll]") >= (400 - height(page, ".composer") - 52) / 2
    assert visible_posts(page) >= 3


@pytest.mark.parametrize(("width", "options"), [(320, {}), (180, {}), (160, {}), (180, {"has_touch": True})])
def test_nothing_is_cut_off_with_large_text(browse, student, posts, width, options):
    page = browse(COMMON, student, viewport={"width": width, "height": 390}, **options)

    assert page.evaluate(CUT_OFF) == []
    assert horizontal_overflow(page) == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_low_window_is_one_scrolling_document(browse, student, posts, scripts):
    page = browse(COMMON, student, viewport={"width": 320, "height": 256}, java_script_enabled=scripts)
    at_end = page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    page.locator("textarea").click()  # fails if another element covers it
    page.keyboard.type("Enough space")
    page.locator("[data-composer] [type=submit]").click()
    expect(page.locator(".post-body", has_text="Enough space")).to_be_in_viewport()

    assert page.evaluate("document.documentElement.scrollHeight") > 800
    assert page.locator("[data-scroll]").evaluate("it => it.scrollHeight - it.clientHeight") == 0
    assert horizontal_overflow(page) == 0
    assert at_end == scripts


def test_touch_keyboard_does_not_change_the_bars(browse, student, posts):
    bars = {}
    for options in ({}, {"has_touch": True, "is_mobile": True}):
        page = browse(COMMON, student, viewport={"width": 1024, "height": 768}, **options)
        tall = page.locator(".topbar").is_visible()
        page.set_viewport_size({"width": 1024, "height": 400})
        low = page.locator(".topbar").is_visible()
        bars[bool(options)] = (tall, low)

    assert bars == {False: (True, False), True: (True, True)}


def test_long_text_is_limited_and_tools_appear_on_hover_on_a_laptop(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 1920, "height": 900})
    long_post = PostFactory(author=student, body="word " * 28)
    page.reload()
    row = page.locator(f"#post-{posts[-1].pk}")
    tools = row.locator(".post-tool")
    hidden = [tool.evaluate("it => getComputedStyle(it).opacity") for tool in tools.all()]
    row.hover()
    shown = [tool.evaluate("it => getComputedStyle(it).opacity") for tool in tools.all()]

    assert page.locator(f"#post-{long_post.pk} .post-body").bounding_box()["width"] <= 46 * 16 + 8
    assert [tool.inner_text().split()[0] for tool in tools.all()] == ["Reply", "⋯"]
    assert (hidden, shown) == (["0", "0"], ["1", "1"])
    expect(row.locator(".post-time")).to_be_visible()
    assert row.locator(".post-time").evaluate("it => it.getBoundingClientRect().left") >= 272
