"""Layout and motion in a browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.tests.factories import TeacherFactory
from posts.actions import join_room, write_post
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


def test_components_of_bootstrap_have_no_icons_that_the_content_security_policy_blocks(browse):
    page = browse("/login/")
    icons = page.locator("main").evaluate(
        """main => {
            main.innerHTML = `
                <select class="form-select"></select> <select class="form-select is-invalid"></select>
                <input class="form-control is-invalid"> <textarea class="form-control is-valid"></textarea>
                <input class="form-check-input" type="checkbox" checked>
                <input class="form-check-input" type="radio" checked>
                <button class="btn-close"></button>`;
            main.querySelector("[type=checkbox]").indeterminate = true;
            return [...main.children].map(it => getComputedStyle(it).backgroundImage);
        }"""
    )
    own = [re.search(r"/img/[a-z]+", icon)[0] for icon in icons if icon != "none"]

    assert own == ["/img/chevron", "/img/chevron", "/img/close"]
    assert [icon for icon in icons if "data:" in icon] == []


def test_directory_search_finds_a_teacher(browse, teacher):
    TeacherFactory(username="mr.fox")
    page = browse("/teachers/", teacher)
    page.get_by_role("searchbox").fill("fox")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="mr.fox").click()
    page.wait_for_url("**/users/mr.fox/")


def test_rows_of_lists_have_the_sizes_of_the_design(browse, room, student, classmate, teacher, outsider):
    write_post(student, room, "@ms.hale")
    join_room(outsider, room.join_code)
    page = browse(None, teacher, viewport={"width": 1280, "height": 800})
    sizes = {}
    for path in ("/students/", "/home/", "/notifications/"):
        page.goto(path)
        sizes[path] = {round(row.bounding_box()["height"]) for row in page.locator(".item").all()}
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/home/")
    name, button = page.locator(".person").first, page.get_by_role("button", name="Accept olu")
    name, button = name.bounding_box(), button.bounding_box()

    assert set.union(*sizes.values()) <= {56, 57}  # with the line between two rows
    assert name["y"] + name["height"] <= button["y"]
    assert button["height"] == 44


def test_bars_scroll_with_the_page_in_a_low_window(browse, student):
    page = browse("/students/", student, viewport={"width": 320, "height": 256})
    page.mouse.move(20, 20)
    page.mouse.wheel(0, 2000)

    expect(page.get_by_role("navigation", name="Main")).not_to_be_in_viewport()


@pytest.mark.parametrize(("locale", "width", "shown"), [("en-GB", 360, 2), ("de-DE", 320, 1)])
def test_logo_of_visitors_keeps_its_size_and_loses_its_text_if_there_is_no_space(browse, locale, width, shown):
    page = browse("/login/", locale=locale, viewport={"width": width, "height": 640})
    house, text = (part.bounding_box() for part in page.locator(".wordmark svg").all())
    bottom = page.locator(".wordmark").evaluate("it => it.getBoundingClientRect().bottom")

    assert (house["width"], house["height"]) == (32, 32)
    assert 88 <= text["width"] <= 108 or shown == 1
    assert sum(part["y"] < bottom for part in (house, text)) == shown


@pytest.mark.parametrize(("width", "more_paths"), [(180, ["/account/"]), (160, [])])
def test_pages_fit_on_a_phone_with_text_of_twice_the_size(browse, student, classmate, common_room, width, more_paths):
    """A window of 180 pixels is as wide for normal text as one of 360 pixels for text of twice the size."""
    write_post(classmate, common_room, "@sam and a long-word-without-spaces")
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
    page = browse(None, student, viewport={"width": width, "height": 390})
    overflow = {}
    for path in ("/home/student/", "/notifications/", "/students/", *more_paths):
        page.goto(path)
        overflow[path] = horizontal_overflow(page)
        for name in ("Home", "Rooms", "People"):
            expect(page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=0.9)
        expect(page.locator(".account-menu summary")).to_be_in_viewport(ratio=0.9)
        expect(page.locator("[data-badge]")).to_be_in_viewport(ratio=0.9)
    page.context.clear_cookies()
    page.goto("/")
    overflow["visitor"] = page.locator(".topbar").evaluate("it => it.scrollWidth - it.clientWidth")

    assert overflow == dict.fromkeys(overflow, 0)


def test_requests_and_menus_fit_on_a_phone_with_text_of_twice_the_size(browse, room, student, teacher, outsider):
    write_post(student, room, "Hello", reply_to=write_post(teacher, room, "Hello"))
    join_room(outsider, room.join_code)
    page = browse("/", viewport={"width": 180, "height": 370})
    overflow = {"/": horizontal_overflow(page)}
    page = browse(None, teacher, viewport={"width": 180, "height": 370}, has_touch=True)
    for path in ("/home/", "/notifications/", f"{room.get_absolute_url()}members/", room.get_absolute_url()):
        page.goto(path)
        overflow[path] = horizontal_overflow(page)
    page.locator(".post summary").last.click()
    box = page.locator("[open] .dropdown-menu").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 180

    assert overflow == dict.fromkeys(overflow, 0)


@pytest.mark.parametrize("locale", ["en", "de"])
def test_bar_of_visitors_is_one_line_on_a_phone(browse, locale):
    page = browse("/", viewport={"width": 360, "height": 740}, locale=locale)

    assert page.locator(".topbar").bounding_box()["height"] == 57
    assert page.locator(".topbar").evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_menu_of_the_last_post_opens_without_scripts(browse, student, common_room):
    for number in range(20):
        post = write_post(student, common_room, f"Post {number}")
    page = browse(COMMON, student, java_script_enabled=False)
    page.locator(".post").last.hover()
    page.locator(".post summary").last.click()
    page.locator(".post .is-delete").last.click()
    page.wait_for_url(f"**/posts/{post.pk}/delete/")


def test_author_deletes_and_moderator_removes(browse, student, admin):
    PostFactory(author=student)
    pages = [browse(COMMON, user) for user in (student, admin)]
    actions = []
    for page in pages:
        page.locator(".post").hover()
        page.locator(".post summary").click()
        actions.append([link.inner_text() for link in page.locator(".post .dropdown-item").all() if link.is_visible()])

    shared = ["Reply", "Copy link", "Mark unread from here"]
    assert actions == [[*shared, "Edit", "Delete"], [*shared, "Remove"]]
