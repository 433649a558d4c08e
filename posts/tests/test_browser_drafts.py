"""Unsent text in a browser."""

import pytest

from posts.tests.browser import session_cookie
from posts.tests.composer import write, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def quick(settings):
    settings.POLL_SECONDS = 0.3


def test_too_long_text_is_kept_with_the_error_beside_it(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("status of 422")
    write(page, "x" * 141)
    page.get_by_text("A post may have 140 characters. This one has 141.").wait_for()
    described_by = page.locator("textarea").get_attribute("aria-describedby")
    kept = page.locator("textarea").input_value()
    invalid = page.locator("textarea").get_attribute("aria-invalid")
    write(page, "Short")
    page.locator(".post").wait_for()

    assert page.locator(".composer-errors").inner_text() == ""
    assert (kept, invalid) == ("x" * 141, "true")
    assert described_by
    assert page.locator("textarea").get_attribute("aria-invalid") == "false"


def test_too_long_text_is_kept_without_scripts(browse, student):
    page = browse(COMMON, student, java_script_enabled=False)
    page.locator("textarea").fill("x" * 141)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("This one has 141.").wait_for()

    assert page.locator("textarea").input_value() == "x" * 141


def test_draft_survives_a_reload_and_is_gone_once_sent(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Half a thou")
    page.reload()
    kept = page.locator("textarea").input_value()
    page.locator("textarea").press("Enter")
    page.locator(".post").wait_for()
    page.reload()

    assert kept == "Half a thou"
    assert page.locator("textarea").input_value() == ""


def test_draft_is_gone_after_signing_out(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Only for me")
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/student/")

    assert page.evaluate("sessionStorage.length") == 0


def test_draft_is_not_shown_to_whoever_signs_in_next(browse, student, classmate, live_server):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Only for me")
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(classmate, live_server.url)])
    page.goto(COMMON)

    assert page.locator("textarea").input_value() == ""


def test_text_survives_a_session_that_ended_while_it_was_written(browse, student, settings):
    settings.POLL_SECONDS = 60
    page = browse(COMMON, student)
    page.locator("textarea").fill("Long in the making")
    student.sessions.all().delete()
    page.locator("textarea").press("Enter")
    page.wait_for_url("**/login/**")
    page.locator("#id_username").fill("sam")
    page.locator("#id_password").fill("correct horse staple")
    page.locator("#submit-form").click()
    page.wait_for_url(f"**{COMMON}")

    assert page.locator("textarea").input_value() == "Long in the making"
    assert written() == []


def test_text_is_kept_when_the_server_cannot_be_reached(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    write(page, "Into the void")
    page.get_by_text("That did not arrive").wait_for()
    kept = page.locator("textarea").input_value()
    page.context.set_offline(False)
    page.locator("textarea").press("Enter")
    page.locator(".post").wait_for()

    assert kept == "Into the void"
    assert written() == ["Into the void"]
