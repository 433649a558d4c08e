"""Layout and motion in a browser."""

import pytest

from accounts.tests.factories import TeacherFactory
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


def test_directory_search_finds_a_teacher(browse, teacher):
    TeacherFactory(username="mr.fox")
    page = browse("/teachers/", teacher)
    page.get_by_role("searchbox").fill("fox")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="mr.fox").click()
    page.wait_for_url("**/users/mr.fox/")


def test_grouped_posts_show_their_times_on_hover(browse, student, classmate):
    for _number in range(5):
        PostFactory(author=classmate)
    page = browse(COMMON, student)
    page.locator(".is-continued").last.hover()

    assert page.locator(".is-continued .post-time").last.is_visible()


def test_author_deletes_and_moderator_removes(browse, student, admin):
    PostFactory(author=student)
    pages = [browse(COMMON, user) for user in (student, admin)]
    actions = []
    for page in pages:
        page.locator(".post").hover()
        actions.append([link.inner_text() for link in page.locator(".post .act").all() if link.is_visible()])

    assert [[text.split()[0] for text in shown] for shown in actions] == [
        ["Reply", "Edit", "Delete"],
        ["Reply", "Remove"],
    ]
