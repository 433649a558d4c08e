"""The popover in a browser: hover, focus, tap and links."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture
def classmate_post(classmate, student):
    classmate.location = "House Blue"
    classmate.save()
    return PostFactory(author=classmate, body="Is @sam here?", mentions=["sam"])


def find_name(page, username="kim"):
    return page.locator(f".post .name[href='/users/{username}/']").first


def find_popover(page):
    return page.locator(".popover")


def test_popover_opens_on_hover_of_name_and_picture_and_is_fetched_again_after_five_minutes(
    browse, student, classmate_post
):
    page = browse(COMMON, student)
    page.clock.install()
    fetched = []
    for anchor in (find_name(page), page.locator(".post-picture"), find_name(page)):
        anchor.hover()
        page.clock.run_for(1000)
        find_popover(page).get_by_text("House Blue").wait_for()
        expect(find_popover(page)).to_have_css("max-width", "320px")  # 20rem
        fetched.append(page.requests.count("/users/kim/popover/"))
        page.locator("h1").hover()
        page.clock.run_for(1000)
        find_popover(page).wait_for(state="detached")
        page.clock.run_for(150_000)

    assert fetched == [1, 1, 2]


def test_brief_hover_sends_no_request(browse, student, classmate_post):
    page = browse(COMMON, student)
    move_to = 'it => it.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }))'
    page.clock.install()
    page.clock.pause_at(datetime.now() + timedelta(hours=1))
    find_name(page).evaluate(move_to)
    page.clock.run_for(100)
    page.locator("h1").evaluate(move_to)
    page.clock.run_for(5000)

    assert "/users/kim/popover/" not in page.requests


def test_pointer_can_move_into_the_popover_and_follow_its_link(browse, student, classmate_post):
    page = browse(COMMON, student)
    find_name(page).hover()
    link = find_popover(page).get_by_role("link", name="Profile")
    page.clock.install()
    link.hover()
    page.clock.run_for(5000)
    link.click()
    page.wait_for_url("**/users/kim/")


def test_popover_opens_on_keyboard_focus_and_escape_dismisses_it(browse, student, classmate_post):
    page = browse(COMMON, student)
    page.locator(".post").focus()
    page.keyboard.press("Tab")
    page.get_by_role("dialog", name="Kim Lund").wait_for()
    page.keyboard.press("Tab")
    link = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Escape")
    find_popover(page).wait_for(state="detached")

    assert link == "View profile"
    assert find_name(page).evaluate("name => name === document.activeElement")


def test_popover_closes_when_its_name_loses_focus(browse, student, classmate_post):
    page = browse(COMMON, student)
    page.locator(".post").focus()
    page.keyboard.press("Tab")
    find_popover(page).wait_for()
    page.keyboard.press("Shift+Tab")
    find_popover(page).wait_for(state="detached")


def test_popover_opens_on_tap_and_a_second_tap_goes_to_the_profile(browse, student, classmate_post):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    find_name(page).tap()
    find_popover(page).get_by_text("House Blue").wait_for()
    url_after_first_tap = page.url
    find_name(page).tap()
    page.wait_for_url("**/users/kim/")

    assert url_after_first_tap.endswith(COMMON)


def test_tapping_elsewhere_closes_the_popover(browse, student, classmate_post):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    find_name(page).tap()
    find_popover(page).wait_for()
    page.locator("h1").tap()
    find_popover(page).wait_for(state="detached")


def test_popover_opens_on_a_mention(browse, student, classmate_post):
    page = browse(COMMON, student)
    page.locator(".mention").hover()
    find_popover(page).get_by_text("@sam").wait_for()


def test_name_links_to_the_profile_without_scripts(browse, student, classmate_post):
    page = browse(COMMON, student, java_script_enabled=False)
    with page.expect_navigation():
        find_name(page).click()

    assert page.url.endswith("/users/kim/")


def test_name_links_to_the_profile_if_the_popover_fails(browse, student, classmate_post):
    page = browse(COMMON, student)
    page.route("**/popover/", lambda route: route.abort())
    page.expected_problems.append("ERR_FAILED")
    with page.expect_event("requestfailed"):
        find_name(page).hover()
    find_name(page).click()
    page.wait_for_url("**/users/kim/")


def test_pages_load_only_scripts_of_the_site(browse, student, classmate_post):
    page = browse(COMMON, student)

    assert [path for path in page.requests if path.endswith(".js") and not path.startswith("/static/js/")] == []
