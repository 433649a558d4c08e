"""Who somebody is, on hover, focus and tap, in a real browser."""

import pytest

from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMMON = "/rooms/common/"


@pytest.fixture
def kims_post(classmate, student):
    classmate.location = "House Blue"
    classmate.save()
    return PostFactory(author=classmate, body="Is @sam here?", mentions=["sam"])


def name_on(page, username="kim"):
    return page.locator(f".post .name[href='/users/{username}/']").first


def popover(page):
    return page.locator(".popover")


def test_popover_opens_on_hover_and_its_fragment_is_fetched_once(browse, student, kims_post):
    page = browse(COMMON, student)
    for _time in range(2):
        name_on(page).hover()
        popover(page).get_by_text("House Blue").wait_for()
        page.locator("h1").hover()
        popover(page).wait_for(state="detached")

    assert page.requests.count("/users/kim/popover/") == 1


def test_passing_over_a_name_asks_nothing(browse, student, kims_post):
    page = browse(COMMON, student)
    # Timed by the page itself: on a busy machine two moves of a real pointer may be further apart than a glance.
    name_on(page).evaluate(
        """name => {
            const over = () => new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" });
            name.dispatchEvent(over());
            setTimeout(() => document.querySelector("h1").dispatchEvent(over()), 100);
        }"""
    )
    page.wait_for_timeout(700)

    assert "/users/kim/popover/" not in page.requests


def test_pointer_can_move_into_the_popover_and_follow_its_link(browse, student, kims_post):
    page = browse(COMMON, student)
    name_on(page).hover()
    link = popover(page).get_by_role("link", name="Profile")
    link.hover()
    page.wait_for_timeout(500)
    link.click()
    page.wait_for_url("**/users/kim/")


def test_popover_opens_on_keyboard_focus_and_escape_dismisses_it(browse, student, kims_post):
    page = browse(COMMON, student)
    page.locator("[data-scroll]").focus()
    page.keyboard.press("Tab")
    popover(page).wait_for()
    described_by = name_on(page).get_attribute("aria-describedby")
    shown = page.locator(f"#{described_by}").get_attribute("role")
    page.keyboard.press("Escape")
    popover(page).wait_for(state="detached")

    assert shown == "tooltip"
    assert name_on(page).evaluate("name => name === document.activeElement")


def test_popover_closes_when_the_focus_moves_on(browse, student, kims_post):
    page = browse(COMMON, student)
    page.locator("[data-scroll]").focus()
    page.keyboard.press("Tab")
    popover(page).wait_for()
    page.keyboard.press("Tab")
    popover(page).wait_for(state="detached")


def test_popover_opens_on_tap_and_a_second_tap_goes_to_the_profile(browse, student, kims_post):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    name_on(page).tap()
    popover(page).get_by_text("House Blue").wait_for()
    stayed = page.url
    name_on(page).tap()
    page.wait_for_url("**/users/kim/")

    assert stayed.endswith(COMMON)


def test_tapping_elsewhere_closes_the_popover(browse, student, kims_post):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    name_on(page).tap()
    popover(page).wait_for()
    page.locator("h1").tap()
    popover(page).wait_for(state="detached")


def test_popover_opens_on_a_mention(browse, student, kims_post):
    page = browse(COMMON, student)
    page.locator(".mention").hover()
    popover(page).get_by_text("@sam").wait_for()


def test_name_leads_to_the_profile_without_scripts(browse, student, kims_post):
    page = browse(COMMON, student, java_script_enabled=False)
    with page.expect_navigation():
        name_on(page).click()

    assert page.url.endswith("/users/kim/")


def test_name_leads_to_the_profile_where_the_popover_cannot_be_had(browse, student, kims_post):
    page = browse(COMMON, student)
    page.route("**/popover/", lambda route: route.abort())
    page.expected_problems.append("ERR_FAILED")
    name_on(page).hover()
    page.wait_for_timeout(500)
    name_on(page).click()
    page.wait_for_url("**/users/kim/")


# --- Placement ---


def box_in_window(page):
    """Return the popover's distances from the edges of the window."""
    return page.locator(".popover").evaluate(
        """tip => {
            const { left, top, right, bottom } = tip.getBoundingClientRect();
            return [left, top, document.documentElement.clientWidth - right, window.innerHeight - bottom];
        }"""
    )


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(("corner", "side"), [
    ("top: 70px; left: 0", "below"), ("top: 70px; right: 0", "below"),
    ("bottom: 90px; left: 0", "above"), ("bottom: 90px; right: 0", "above"),
])  # fmt: skip
def test_popover_near_an_edge_stays_inside_the_window(browse, student, kims_post, width, corner, side):
    page = browse("/students/", student, viewport={"width": width, "height": 700})
    name = page.locator(".name[href='/users/kim/']")
    name.evaluate(f"name => name.style.cssText = 'position: fixed; z-index: 1; {corner}'")
    name.hover()
    popover(page).get_by_text("House Blue").wait_for()

    assert popover(page).get_attribute("data-side") == side
    assert min(box_in_window(page)) >= 8


def test_popover_does_not_cover_its_name(browse, student, kims_post):
    page = browse(COMMON, student, viewport={"width": 360, "height": 700})
    name_on(page).hover()
    popover(page).wait_for()
    name, tip = name_on(page).bounding_box(), popover(page).bounding_box()

    assert tip["y"] + tip["height"] <= name["y"] or tip["y"] >= name["y"] + name["height"]


def test_popover_follows_its_name_and_closes_when_it_is_scrolled_away(browse, student, classmate, kims_post):
    PostFactory.create_batch(30, author=student)
    page = browse(COMMON, student)
    page.locator(".post .name").nth(5).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    popover(page).wait_for()
    distance = """async by => {
        const [scroll, tip, name] = ["[data-scroll]", ".popover", "[aria-describedby=popover]"].map(
            selector => document.querySelector(selector));
        scroll.scrollTop += by;
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return name.getBoundingClientRect().top - tip.getBoundingClientRect().bottom;
    }"""
    gaps = [page.evaluate(distance, by) for by in (0, 10, -20)]
    page.locator("[data-scroll]").evaluate("scroll => scroll.scrollTop = scroll.scrollHeight")
    popover(page).wait_for(state="detached")

    assert gaps == pytest.approx([8, 8, 8], abs=1)


# --- Keyboard and assistive technology ---


def test_popover_is_inside_the_main_landmark(browse, student, kims_post):
    page = browse(COMMON, student)
    name_on(page).hover()
    page.locator("main .popover:popover-open").wait_for()


def test_escape_inside_the_popover_returns_the_focus_to_the_name(browse, student, kims_post):
    page = browse(COMMON, student)
    name_on(page).hover()
    popover(page).get_by_role("link", name="Profile").focus()
    page.keyboard.press("Escape")
    popover(page).wait_for(state="detached")

    assert name_on(page).evaluate("name => name === document.activeElement")
    assert name_on(page).get_attribute("aria-describedby") is None


def test_dismissed_popover_opens_again_only_after_the_pointer_has_left_its_name(browse, student, kims_post):
    page = browse(COMMON, student)
    name_on(page).hover()
    popover(page).wait_for()
    page.keyboard.press("Escape")
    popover(page).wait_for(state="detached")
    name_on(page).locator(".name-full").hover()
    page.wait_for_timeout(500)  # longer than the delay before a popover opens
    stayed_closed = not popover(page).count()
    page.locator("h1").hover()
    name_on(page).hover()
    popover(page).wait_for()

    assert stayed_closed


def test_pages_load_no_script_of_a_library(browse, student, kims_post):
    page = browse(COMMON, student)

    assert [path for path in page.requests if path.endswith(".js") and not path.startswith("/static/js/")] == []
