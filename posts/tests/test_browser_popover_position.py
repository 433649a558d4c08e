"""The position of the popover, and its keyboard access, in a browser."""

import pytest

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


def distances_to_window_edges(page):
    """Return the distances of the popover from the left, top, right and bottom edges of the window."""
    return page.locator(".popover").evaluate(
        """tip => {
            const { left, top, right, bottom } = tip.getBoundingClientRect();
            return [left, top, document.documentElement.clientWidth - right, window.innerHeight - bottom];
        }"""
    )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("corner", "side"),
    [
        ("top: 70px; left: 0", "below"),
        ("bottom: 90px; right: 0", "above"),
    ],
)
def test_popover_near_an_edge_stays_inside_the_window(browse, student, classmate_post, width, corner, side):
    page = browse(f"{COMMON}members/", student, viewport={"width": width, "height": 700})
    name = page.locator(".name[href='/users/kim/']")
    name.evaluate(f"name => name.style.cssText = 'position: fixed; z-index: 1; {corner}'")
    name.hover()
    find_popover(page).get_by_text("House Blue").wait_for()

    assert find_popover(page).get_attribute("data-side") == side
    assert min(distances_to_window_edges(page)) >= 8


@pytest.mark.parametrize("anchor", [".name", ".post-picture", ".mention"])
def test_popover_does_not_cover_the_text_of_the_post(browse, student, classmate_post, anchor):
    page = browse(COMMON, student, viewport={"width": 360, "height": 700})
    page.locator(f".post {anchor}").hover()
    find_popover(page).wait_for()
    post, tip = page.locator(".post").bounding_box(), find_popover(page).bounding_box()

    assert tip["y"] >= post["y"] + post["height"]


def test_popover_follows_its_name_and_closes_when_scrolled_away(browse, student, classmate, classmate_post):
    PostFactory.create_batch(30, author=student)
    page = browse(COMMON, student)
    page.locator(".post").nth(5).focus()
    page.keyboard.press("Tab")
    find_popover(page).wait_for()
    distance = """async by => {
        const [scroll, tip, name] = ["[data-scroll]", ".popover", "[data-popover][aria-expanded]"].map(
            selector => document.querySelector(selector));
        scroll.scrollTop += by;
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return Math.abs(tip.getBoundingClientRect().top - name.getBoundingClientRect().top);
    }"""
    distances = [page.evaluate(distance, by) for by in (0, 10, -20)]
    page.locator("[data-scroll]").evaluate("scroll => scroll.scrollTop = scroll.scrollHeight")
    find_popover(page).wait_for(state="detached")

    assert distances == pytest.approx([distances[0]] * 3, abs=1)


def test_popover_is_inside_the_main_landmark(browse, student, classmate_post):
    page = browse(COMMON, student)
    find_name(page).hover()
    page.locator("main .popover").wait_for()


def test_escape_inside_the_popover_returns_the_focus_to_the_name(browse, student, classmate_post):
    page = browse(COMMON, student)
    find_name(page).hover()
    find_popover(page).get_by_role("link", name="Profile").focus()
    page.keyboard.press("Escape")
    find_popover(page).wait_for(state="detached")

    assert find_name(page).evaluate("name => name === document.activeElement")
    assert find_name(page).get_attribute("aria-expanded") is None


def test_dismissed_popover_opens_again_only_after_the_pointer_has_left_its_name(browse, student, classmate_post):
    page = browse(COMMON, student)
    find_name(page).hover()
    find_popover(page).wait_for()
    page.keyboard.press("Escape")
    find_popover(page).wait_for(state="detached")
    page.clock.install()
    find_name(page).locator(".name-full").hover()
    page.clock.run_for(5000)  # longer than the delay before a popover opens
    stayed_closed = not find_popover(page).count()
    page.locator("h1").hover()
    find_name(page).hover()
    find_popover(page).wait_for()

    assert stayed_closed
