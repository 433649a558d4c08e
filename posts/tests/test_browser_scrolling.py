"""Scrolling through a conversation in a browser."""

import re

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.models import Post
from posts.tests.browser_waits import wait_for_frames, wait_until
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    """Poll often, and show ten posts per page."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


@pytest.fixture
def posts(classmate, teacher):
    """45 posts by alternating authors, on five pages."""
    return [PostFactory(author=(classmate, teacher)[number % 2], body=f"Number {number}") for number in range(45)]


def post_texts(page):
    return [text.strip() for text in page.locator(".post-body").all_inner_texts()]


def scroll_to(page, top):
    """Scroll the conversation. 0 is the newest post; negative values are further up."""
    page.evaluate("top => { document.querySelector('[data-scroll]').scrollTop = top }", top)


def get_top(page, body):
    return page.get_by_text(body, exact=True).bounding_box()["y"]


def first_visible_text(page):
    return page.locator(".post-body").evaluate_all(
        "all => all.find(it => it.getBoundingClientRect().top > 200).innerText"
    )


def hold_older_pages(page):
    """Hold the requests for older posts. Return a function that continues them."""
    held, released = [], []
    page.route("**/?before=*", lambda route: route.continue_() if released else held.append(route))

    def release():
        released.append(True)
        for route in held:
            route.continue_()

    return release


def test_conversation_starts_at_the_newest_post(browse, student, posts):
    page = browse(COMMON, student)

    assert page.get_by_text("Number 44", exact=True).is_visible()
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_older_posts_load_on_scroll_until_the_first(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 500})
    for last in (26, 16, 6, 0):
        page.get_by_text(f"Number {last}", exact=True).wait_for(state="attached")
        scroll_to(page, -100_000)

    assert post_texts(page) == [f"Number {number}" for number in range(45)]
    assert page.locator("[data-older]").count() == 0


def test_visible_posts_do_not_move_when_older_posts_load(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    release = hold_older_pages(page)
    page.reload()
    scroll_to(page, -200)
    page.locator("[role=log][aria-busy=true]").wait_for()
    wait_for_frames(page)
    visible_text = first_visible_text(page)
    before = get_top(page, visible_text)
    release()
    page.get_by_text("Number 26", exact=True).wait_for(state="attached")
    wait_for_frames(page)

    assert abs(get_top(page, visible_text) - before) <= 1


def test_day_separators_and_groups_continue_across_pages(browse, student, classmate):
    for number in range(25):
        PostFactory(author=classmate, body=f"Number {number}")
    page = browse(COMMON, student)
    page.get_by_text("Number 0", exact=True).wait_for(state="attached")

    assert page.locator(".day").count() == 1
    assert page.locator(".post:not(.is-continued)").count() == 1


def test_older_posts_are_a_link_without_scripts(browse, student, posts):
    page = browse(COMMON, student, java_script_enabled=False)
    first = post_texts(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Older posts").click()
    second = post_texts(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Newer posts").click()

    assert first == [f"Number {number}" for number in range(35, 45)]
    assert second == [f"Number {number}" for number in range(25, 35)]
    assert post_texts(page) == first


def test_permalink_shows_the_post_and_loads_in_both_directions(browse, student, posts):
    page = browse(f"/posts/{posts[20].pk}/", student)
    page.get_by_text("Number 20", exact=True).wait_for()
    top_before = get_top(page, "Number 20")

    def has_newest_after_scrolling():
        for top in (-100_000, 0):
            scroll_to(page, top)
            wait_for_frames(page)
        return page.get_by_text("Number 44", exact=True).count()

    wait_until(page, has_newest_after_scrolling)
    scroll_to(page, 0)  # loading posts below does not move those on screen

    assert 0 < top_before < 720
    texts = post_texts(page)
    assert texts == [f"Number {number}" for number in range(45 - len(texts), 45)]
    expect(page.locator("[data-newer]")).to_have_count(0)
    expect(page.locator(".to-newest")).to_be_hidden()


def test_new_posts_are_announced_without_moving_older_posts(browse, student, classmate, common_room, posts):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    page.get_by_text("Number 30", exact=True).wait_for(state="attached")
    scroll_to(page, -300)
    wait_for_frames(page)
    visible_text = first_visible_text(page)
    before = get_top(page, visible_text)
    actions.write_post(classmate, common_room, "First new post")
    page.get_by_role("link", name="Go to newest 1").wait_for()
    actions.write_post(classmate, common_room, "Second new post")
    link = page.get_by_role("link", name="Go to newest 2")
    link.wait_for()
    after = get_top(page, visible_text)
    link.click()
    page.get_by_text("Second new post").wait_for()
    link.wait_for(state="hidden")

    assert abs(after - before) <= 1
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_link_to_newest_counts_only_unseen_posts_of_others_that_exist(browse, student, classmate, common_room, posts):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    scroll_to(page, -300)
    wait_for_frames(page)
    first = actions.write_post(classmate, common_room, "First new post")
    actions.write_post(classmate, common_room, "Second new post")
    link = page.get_by_role("link", name="Go to newest")
    expect(link).to_have_text(re.compile("2"))
    actions.write_post(student, common_room, "Written on another page")
    page.get_by_text("Written on another page").wait_for(state="attached")
    expect(link).to_have_text(re.compile("2"))
    actions.remove_post(first, classmate)
    expect(link).to_have_text(re.compile("1"))
    actions.remove_post(Post.objects.get(body="Second new post"), classmate)
    expect(link).not_to_have_text(re.compile(r"\d"))


def test_conversation_is_busy_while_older_posts_load(browse, student, posts):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    log = page.get_by_role("log")
    release = hold_older_pages(page)
    page.reload()
    scroll_to(page, -200)
    expect(log).to_have_attribute("aria-busy", "true")
    release()
    page.get_by_text("Number 26", exact=True).wait_for(state="attached")

    expect(log).to_have_attribute("aria-busy", "false")


def test_going_back_updates_the_conversation(browse, student, posts):
    page = browse(COMMON, student)
    page.goto("/students/")
    page.go_back()
    page.get_by_text("Number 44", exact=True).wait_for()
    Post.objects.filter(pk=posts[-1].pk).update(body="Changed")
    actions.edit_post(posts[-2], "Number 43, edited", posts[-2].author)
    page.get_by_text("Number 43, edited").wait_for()


@pytest.mark.parametrize("leave", ["link", "address"])
def test_going_back_returns_to_the_same_position(browse, student, posts, leave):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    for last in (26, 16):
        scroll_to(page, -100_000)
        page.get_by_text(f"Number {last}", exact=True).wait_for(state="attached")
    scroll_to(page, -1000)
    wait_for_frames(page)
    visible_text = first_visible_text(page)
    before = get_top(page, visible_text)
    if leave == "link":
        page.locator(".post", has=page.get_by_text(visible_text, exact=True)).locator("a.name").click()
        page.wait_for_url("**/users/**")
    else:
        page.goto("/users/kim/")
    page.go_back()
    page.get_by_text(visible_text, exact=True).wait_for()
    wait_for_frames(page)

    assert abs(get_top(page, visible_text) - before) <= 1
