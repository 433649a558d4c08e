"""Pages whose session has ended, in a browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def quick(settings):
    """Ask often, so that tests need not wait; pages of ten, so that few posts make several."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


def test_ended_session_leads_to_the_login_page_once(browse, student):
    page = browse(COMMON, student)
    student.sessions.all().delete()
    page.wait_for_url("**/login/**")
    page.requests.clear()
    page.wait_for_timeout(800)

    assert page.url.endswith(f"/login/?next={COMMON}")
    assert [path for path in page.requests if not path.startswith("/static/")] == []


def test_sign_out_on_its_way_is_not_overtaken_by_a_page_that_finds_the_session_ended(browse, student):
    page, held = browse(COMMON, student), []
    page.route("**/logout/", lambda route: held.append(route))
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    while not held:
        page.wait_for_timeout(20)
    student.sessions.all().delete()
    with page.expect_response("**/updates/**"):
        pass
    page.wait_for_timeout(500)
    assert page.requests.count(COMMON) == 1

    held.pop().continue_()
    page.wait_for_url(lambda url: not url.endswith(COMMON))
    assert "next=" not in page.url


def test_page_that_a_sign_out_did_not_take_away_finds_the_session_ended_after_all(browse, student):
    page = browse(COMMON, student)
    page.route("**/logout/", lambda route: route.abort("aborted"))
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    page.wait_for_timeout(500)
    student.sessions.all().delete()
    page.wait_for_url(f"**/login/?next={COMMON}")
