"""A shared device in a browser."""

import pytest

from accounts.models import Session
from accounts.tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture
def shared_page(browse, settings, student):
    """The common room, after a sign-in on a shared device, with a text that has not been sent."""
    settings.POLL_SECONDS = 0.3
    page = browse("/login/?next=" + COMMON)
    page.get_by_label("Username or email").fill("sam")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("This is a shared device").check()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{COMMON}")
    page.locator("textarea").fill("Only for me")
    return page


def drafts(page):
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length")


def test_choices_exclude_each_other_and_the_browser_does_not_store_the_username(browse, student):
    page = browse("/login/")
    remember, shared = page.get_by_label("Remember me"), page.get_by_label("This is a shared device")
    username = page.get_by_label("Username or email")
    remember.check()
    shared.check()
    states = [(remember.is_checked(), shared.is_checked(), username.get_attribute("autocomplete"))]
    remember.check()
    states.append((remember.is_checked(), shared.is_checked(), username.get_attribute("autocomplete")))

    assert states == [(False, True, "off"), (True, False, "username")]


def test_page_closes_and_drafts_are_deleted_when_the_session_ends(shared_page):
    assert drafts(shared_page) == 1

    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    shared_page.wait_for_url(f"**/login/?next={COMMON}")

    assert drafts(shared_page) == 0


def test_drafts_of_other_tabs_are_deleted_after_sign_out(shared_page):
    other = shared_page.context.new_page()
    other.goto(COMMON)
    other.locator(".account-menu summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url(lambda url: "/login/" in url)  # with `next` if its live stream ends first

    shared_page.wait_for_url("**/login/?next=**")

    assert drafts(shared_page) == 0


def test_draft_survives_a_reload(shared_page):
    shared_page.reload()

    assert shared_page.locator("textarea").input_value() == "Only for me"
