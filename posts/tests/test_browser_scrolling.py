"""Scrolling through a conversation in a browser."""

import pytest

from posts import actions
from posts.models import Post
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def quick(settings):
    """Ask often, so that tests need not wait; pages of ten, so that few posts make several."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


@pytest.fixture
def many(classmate, teacher):
    """45 posts of two people by turns: five pages."""
    return [PostFactory(author=(classmate, teacher)[number % 2], body=f"Number {number}") for number in range(45)]


def bodies(page):
    return [text.strip() for text in page.locator(".post-body").all_inner_texts()]


def scroll_to(page, top):
    """Scroll the conversation; 0 is the newest post, below that is upwards."""
    page.evaluate("top => { document.querySelector('[data-scroll]').scrollTop = top }", top)


def place_of(page, body):
    return page.get_by_text(body, exact=True).bounding_box()["y"]


def first_in_view(page):
    return page.locator(".post-body").evaluate_all(
        "all => all.find(it => it.getBoundingClientRect().top > 200).innerText"
    )


def test_conversation_begins_at_the_newest_post(browse, student, many):
    page = browse(COMMON, student)

    assert page.get_by_text("Number 44", exact=True).is_visible()
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_older_posts_load_as_one_scrolls_until_the_first(browse, student, many):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 500})
    for last in (26, 16, 6, 0):
        page.get_by_text(f"Number {last}", exact=True).wait_for(state="attached")
        scroll_to(page, -100_000)

    assert bodies(page) == [f"Number {number}" for number in range(45)]
    assert page.locator("[data-older]").count() == 0


def test_what_is_being_read_stays_while_older_posts_come_in_above(browse, student, many):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    waiting, let_go = [], []
    page.route("**/?before=*", lambda route: route.continue_() if let_go else waiting.append(route))
    page.reload()
    scroll_to(page, -200)
    page.wait_for_timeout(200)
    seen = first_in_view(page)
    before = place_of(page, seen)
    let_go.append(True)
    for route in waiting:
        route.continue_()
    page.get_by_text("Number 26", exact=True).wait_for(state="attached")
    page.wait_for_timeout(200)

    assert waiting
    assert abs(place_of(page, seen) - before) <= 1


def test_one_line_a_day_and_grouped_posts_stay_so_where_pages_meet(browse, student, classmate):
    for number in range(25):
        PostFactory(author=classmate, body=f"Number {number}")
    page = browse(COMMON, student)
    page.get_by_text("Number 0", exact=True).wait_for(state="attached")

    assert page.locator(".day").count() == 1
    assert page.locator(".post:not(.goes-on)").count() == 1


def test_older_posts_are_a_link_without_scripts(browse, student, many):
    page = browse(COMMON, student, java_script_enabled=False)
    first = bodies(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Older posts").click()
    second = bodies(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Newer posts").click()

    assert first == [f"Number {number}" for number in range(35, 45)]
    assert second == [f"Number {number}" for number in range(25, 35)]
    assert bodies(page) == first


def test_permanent_address_shows_the_post_and_loads_in_both_directions(browse, student, many):
    page = browse(f"/posts/{many[20].pk}/", student)
    page.get_by_text("Number 20", exact=True).wait_for()
    seen = place_of(page, "Number 20")
    for top in (-100_000, 0, -100_000, 0):
        scroll_to(page, top)
        page.wait_for_timeout(150)
    page.get_by_text("Number 44", exact=True).wait_for(state="attached")

    assert 0 < seen < 720
    assert bodies(page) == [f"Number {number}" for number in range(int(bodies(page)[0].split()[1]), 45)]
    assert page.locator("[data-newer], .to-newest").count() == 0


def test_new_posts_are_announced_and_nothing_moves_while_one_reads_further_up(
    browse, student, classmate, common_room, many
):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    page.get_by_text("Number 30", exact=True).wait_for(state="attached")
    scroll_to(page, -300)
    page.wait_for_timeout(300)
    seen = first_in_view(page)
    before = place_of(page, seen)
    actions.write_post(classmate, common_room, "First news")
    page.get_by_role("button", name="1 new post").wait_for()
    actions.write_post(classmate, common_room, "Second news")
    notice = page.get_by_role("button", name="2 new posts")
    notice.wait_for()
    after = place_of(page, seen)
    notice.click()
    page.get_by_text("Second news").wait_for()
    notice.wait_for(state="detached")

    assert abs(after - before) <= 1
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_post_is_found_again_after_going_back(browse, student, many):
    page = browse(COMMON, student)
    page.goto("/students/")
    page.go_back()
    page.get_by_text("Number 44", exact=True).wait_for()
    Post.objects.filter(pk=many[-1].pk).update(body="Changed")
    actions.edit_post(many[-2], "Number 43, edited", many[-2].author)
    page.get_by_text("Number 43, edited").wait_for()
