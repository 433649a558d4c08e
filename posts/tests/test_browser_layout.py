"""Layout and motion in a browser."""

import pytest

from accounts.tests.factories import TeacherFactory
from posts.tests.browser_pages import COMMON
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def slow(settings):
    """No page asks again while it is looked at."""
    settings.POLL_SECONDS = 600


def test_nothing_moves_for_whoever_asked_for_that(browse, student):
    page = browse("/students/", student, reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(it => {
            const style = getComputedStyle(it);
            return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )

    assert moving == 0


def test_profile_reaches_everybody_in_the_directory(browse, teacher):
    TeacherFactory(username="mr.fox")
    page = browse("/teachers/", teacher)
    page.get_by_role("searchbox").fill("fox")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="mr.fox").click()
    page.wait_for_url("**/users/mr.fox/")


def test_long_conversation_of_one_person_keeps_its_times_readable(browse, student, classmate):
    for _number in range(5):
        PostFactory(author=classmate)
    page = browse(COMMON, student)
    page.locator(".goes-on").last.hover()

    assert page.locator(".goes-on .post-time").last.is_visible()
