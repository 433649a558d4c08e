"""Keyboard navigation in a browser."""

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import AdminFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


def open_menu(page):
    page.locator("[data-menu] summary").click()


def test_first_tab_focuses_the_skip_link(browse, student):
    page = browse("/students/", student)
    page.keyboard.press("Tab")
    link = page.evaluate("document.activeElement.textContent")
    shown = page.locator(".skip-link").bounding_box()["y"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert link == "Skip to content"
    assert shown >= 0
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("scripts", [True, False])
def test_second_tab_of_a_conversation_focuses_the_link_to_the_composer(browse, student, scripts):
    page = browse(COMMON, student, java_script_enabled=scripts)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to message box")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Here I am")
    page.locator("[data-composer] [type=submit]").click()

    expect(page.locator(".post-body", has_text="Here I am")).to_be_visible()


def test_page_without_composer_has_no_link_to_it(client_for, student, common_room):
    client = client_for(student)
    common_room.archived_at = common_room.created_at
    common_room.save()
    pages = [client.get("/students/"), client_for(AdminFactory()).get(COMMON)]

    assert [b"Skip to message box" in page.content for page in pages] == [False, False]


def test_focused_elements_are_visible_and_in_order(browse, student, classmate):
    page = browse("/students/", student)
    stops = []
    for _number in range(11):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => {
                    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
                    const text = (it.getAttribute("aria-label") ?? it.innerText ?? "").trim() || it.name;
                    return { text, visible: box.width > 0 && box.height > 0, ring: style.outlineStyle !== "none" };
                }"""
            )
        )
    texts = [stop["text"].split("\n")[0] for stop in stops]

    assert [stop for stop in stops if not (stop["visible"] and stop["ring"])] == []
    assert texts[2:6] == ["Home", "Rooms", "Students", "Teachers"]
    assert texts[7] == "Account menu of sam"
    assert texts[8] == "q"


def test_menu_opens_and_closes_with_the_keyboard(browse, student):
    page = browse("/students/", student)
    menu = page.locator("[data-menu]")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="My profile").wait_for()
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    menu.get_by_role("link", name="My profile").wait_for(state="hidden")

    assert inside == "My profile"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_menu_closes_on_a_click_outside(browse, student):
    page = browse("/students/", student)
    open_menu(page)
    page.get_by_role("link", name="My profile").wait_for()
    page.locator("h1").click()
    page.get_by_role("link", name="My profile").wait_for(state="hidden")


def test_post_is_written_with_the_keyboard_only(browse, student):
    page = browse(COMMON, student)
    for _number in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "body":
            break
    page.keyboard.type("No mouse here")
    page.keyboard.press("Tab")
    button = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Enter")
    page.locator(".post-body", has_text="No mouse here").wait_for()

    assert button == "Post"
