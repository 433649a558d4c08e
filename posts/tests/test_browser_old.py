"""Pages in old browsers: Chrome 109 if CHROMIUM_109 is its path, and Chromium without what Safari and Firefox lack."""

import pytest

from posts import actions
from posts.models import Notification
from posts.tests.browser_waits import wait_until
from posts.tests.composer import write_post
from posts.tests.factories import PostFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("chromium", ["CHROMIUM", "CHROMIUM_109"], indirect=True),
]
COMMON = "/rooms/common/"
# Safari 15 has no requestSubmit, Firefox 115 does not support keepalive, and neither has popovers.
REMOVE_FEATURES = """
  delete HTMLFormElement.prototype.requestSubmit;
  delete HTMLElement.prototype.showPopover;
  const { fetch } = window;
  window.fetch = (url, options) => {
    if (options?.keepalive) throw new TypeError("keepalive");
    return fetch(url, options);
  };
"""
# Chrome 109 without a user interface reports that there is no mouse.
HAS_MOUSE = "window.matchMedia = () => ({ matches: false });"


@pytest.fixture
def open_page(browse):
    """Return a function that opens `path` in an old browser, signed in as a user."""

    def open_old_page(path, user=None):
        page = browse(None, user)
        page.add_init_script(REMOVE_FEATURES + HAS_MOUSE)
        page.goto(path)
        return page

    return open_old_page


def style_of(page, selector, name):
    return page.locator(selector).first.evaluate("(it, name) => getComputedStyle(it)[name]", name)


@pytest.mark.parametrize(
    ("theme", "paper", "sheet", "ink"),
    [
        ("light", "rgb(247, 245, 240)", "rgb(255, 255, 255)", "rgb(27, 36, 33)"),
        ("dark", "rgb(18, 23, 22)", "rgb(26, 33, 32)", "rgb(233, 239, 236)"),
    ],
)
def test_form_has_colours_and_borders(open_page, theme, paper, sheet, ink):
    page = open_page("/register/student/")
    page.emulate_media(color_scheme=theme)

    assert style_of(page, "body", "backgroundColor") == paper
    assert style_of(page, "#id_username", "backgroundColor") == sheet
    assert style_of(page, "#id_username", "color") == ink
    assert style_of(page, "#id_username", "borderTopWidth") == "1px"
    assert style_of(page, "#id_username", "borderTopColor") not in (paper, sheet)
    assert style_of(page, ".form-actions button", "backgroundColor") not in (paper, sheet, "rgba(0, 0, 0, 0)")


def test_room_opens_at_its_end_with_the_composer_in_view(open_page, student, classmate, common_room):
    PostFactory.create_batch(120, room=common_room, author=classmate)
    newest = actions.write_post(classmate, common_room, "The newest post")
    page = open_page(COMMON, student)
    boxes = [page.locator(selector).bounding_box() for selector in (f"#post-{newest.pk}", ".composer")]
    bottoms = [box["y"] + box["height"] for box in boxes]

    assert 0 < bottoms[0] <= boxes[1]["y"] < bottoms[1] <= 720
    assert page.locator(".post").count() < 120


def test_post_is_sent_by_enter_and_notification_is_read_on_click(open_page, student, classmate, common_room):
    actions.write_post(classmate, common_room, "@sam, are you there?")
    page = open_page("/notifications/", student)
    page.locator("[data-notification] a").click()
    wait_until(page, lambda: Notification.objects.get().read_at)
    page.wait_for_url("**/rooms/common/**")
    write_post(page, "From an old tablet")
    page.locator(".is-mine .post-body", has_text="From an old tablet").wait_for()

    assert style_of(page, ".is-mine .post-body", "backgroundColor") != "rgba(0, 0, 0, 0)"


def test_arabic_post_is_aligned_at_its_start(open_page, student, classmate, common_room):
    actions.write_post(classmate, common_room, "مرحبا بالجميع")
    page = open_page(COMMON, student)

    assert style_of(page, ".post-body", "textAlign") == "start"


def test_popover_opens_next_to_the_name(open_page, student, classmate, common_room):
    actions.write_post(classmate, common_room, "Hello")
    page = open_page(COMMON, student)
    name = page.locator(".post a.name")
    name.hover()
    page.locator(".popover").wait_for()
    tip, anchor = page.locator(".popover").bounding_box(), page.locator(".post").bounding_box()
    gaps = (anchor["y"] - tip["y"] - tip["height"], tip["y"] - anchor["y"] - anchor["height"])

    assert 0 <= max(gaps) < 20
    assert style_of(page, ".popover", "backgroundColor") == "rgb(255, 255, 255)"
