"""Pages whose session has ended, in a browser."""

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import PASSWORD
from posts import actions
from posts.tests.browser_waits import wait_for_polls, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    """Poll often, and show ten posts per page."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


def test_ended_session_redirects_to_the_login_page_once(browse, student):
    page = browse(None, student)
    page.clock.install()
    page.goto(COMMON)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    student.sessions.all().delete()
    page.wait_for_url("**/login/**")
    page.requests.clear()
    page.clock.run_for(60_000)

    assert page.url.endswith(f"/login/?next={COMMON}")
    assert [path for path in page.requests if not path.startswith("/static/")] == []


def test_page_does_not_redirect_during_a_sign_out(browse, student):
    page, held_routes = browse(COMMON, student), []
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    page.route("**/logout/", lambda route: held_routes.append(route))
    wait_for_polls(page)
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    wait_until(page, lambda: held_routes)
    student.sessions.all().delete()
    with page.expect_response("**/updates/**"):
        pass
    page.wait_for_timeout(500)  # the page is blocked by the pending sign-out, so its clock cannot be used
    assert page.requests.count(COMMON) == 1

    held_routes.pop().continue_()
    page.wait_for_url(lambda url: not url.endswith(COMMON))
    assert "next=" not in page.url


def test_page_redirects_after_a_failed_sign_out(browse, student):
    page = browse(None, student)
    page.clock.install()
    page.goto(COMMON)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    page.route("**/logout/", lambda route: route.abort("aborted"))
    page.locator(".account-menu summary").click()
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    student.sessions.all().delete()
    page.clock.run_for(10_000)
    # `wait_for_url` fails because of the aborted request.
    wait_until(page, lambda: page.url.endswith(f"/login/?next={COMMON}"))


def test_sign_in_page_mentions_the_unfinished_text_of_the_conversation(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    notice = page.get_by_text("You had been signed out, so nothing has been sent yet.")
    for text, is_mentioned in (("Good evening", True), ("", False)):
        page.locator("textarea").fill(text)
        student.sessions.all().delete()
        page.wait_for_url("**/login/**")
        expect(notice).to_be_visible(visible=is_mentioned)
        page.get_by_label("Username").fill("sam")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("textarea")).to_have_value(text)


@pytest.mark.parametrize("path", ["/rooms/common/", "edit"])
@pytest.mark.parametrize("scripts", [True, False])
def test_text_can_be_sent_after_signing_in_again(browse, student, common_room, path, scripts, settings):
    settings.POLL_SECONDS = 60  # otherwise, a poll can leave the page before the text is sent
    post = actions.write_post(student, common_room, "Good morning")
    path = f"/posts/{post.pk}/edit/" if path == "edit" else path
    page = browse(path, student, java_script_enabled=scripts)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    student.sessions.all().delete()
    page.locator("textarea").fill("Good evening")
    with page.expect_navigation(url="**/login/**"):
        page.locator("form:has(textarea) [type=submit]").click()
    expect(page.get_by_text("You had been signed out, so nothing has been sent yet.")).to_be_visible()
    page.get_by_label("Username").fill("sam")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("textarea")).to_have_value("Good evening")
    assert page.url.endswith(path)
    page.locator("form:has(textarea) [type=submit]").click()
    expect(page.locator(".post-body", has_text="Good evening")).to_be_visible()
    assert student.posts.last().body == "Good evening"


def test_discarded_text_does_not_return(browse, student, common_room):
    post = actions.write_post(student, common_room, "Good morning")
    page = browse(f"/posts/{post.pk}/edit/", student)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    student.sessions.all().delete()
    page.locator("textarea").fill("Good evening")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Username").fill("sam")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Discard").click()

    expect(page.get_by_role("link", name="Discard")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("Good morning")
