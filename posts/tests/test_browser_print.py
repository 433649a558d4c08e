"""Printed rooms in a browser."""

import pytest

from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


def luminance(color):
    """Return the brightness of a colour like "rgb(1, 2, 3)", from 0 to 255."""
    return sum(map(int, color.removeprefix("rgb(").rstrip(")").split(", "))) / 3


@pytest.fixture
def printed(browse, student, classmate):
    """Return a function that opens a room with 40 posts for printing. Options are passed to the browser context."""
    PostFactory.create_batch(40, author=classmate, body="Printed")

    def open_printed(theme=None, **options):
        page = browse(COMMON, student, **options)
        if theme:
            page.locator(".account-menu summary").click()
            page.locator(f"[data-theme-form] [value={theme}]").click()
            page.locator(f"html[data-theme={theme}]").wait_for()
        page.emulate_media(media="print")
        return page

    return open_printed


def test_printed_room_contains_all_loaded_posts(printed):
    page = printed(viewport={"width": 720, "height": 1000})
    tops = page.locator(".post").evaluate_all("posts => posts.map(post => post.getBoundingClientRect().top + scrollY)")
    height = page.evaluate("document.documentElement.scrollHeight")

    assert len(tops) == 40
    assert 0 < min(tops) < max(tops) < height
    assert not page.locator("[data-composer]").is_visible()
    assert page.locator(".post-tools:visible").count() == 0


@pytest.mark.parametrize(("theme", "system"), [(None, "dark"), ("dark", "light"), ("light", "dark")])
def test_printed_room_is_dark_on_white(printed, theme, system):
    page = printed(theme, color_scheme=system)
    text, body, root = page.evaluate(
        """() => {
            const style = element => getComputedStyle(document.querySelector(element));
            return [style(".post-body").color, style("body").backgroundColor, style("html").colorScheme];
        }"""
    )

    assert luminance(text) < 80
    assert (body, root) == ("rgba(0, 0, 0, 0)", "light")
