"""The composer in a browser: keys, errors and replies."""

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.models import Post
from posts.tests.browser_waits import wait_for_polls
from posts.tests.composer import post_bodies, write_post
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


@pytest.mark.parametrize("scripts", [True, False])
def test_rejected_text_is_visible_in_full(browse, student, scripts):
    page = browse(COMMON, student, java_script_enabled=scripts, viewport={"width": 390, "height": 720})
    page.expected_problems.append("status of 422")
    page.locator("textarea").fill("One\ntwo\nthree " + "x" * 140)
    page.locator("[data-composer] [type=submit]").click()
    expect(page.get_by_text("characters too long")).to_be_visible()

    assert page.locator("textarea").evaluate("it => it.clientHeight") > 100


def test_enter_sends_a_post_without_navigation(browse, student):
    page = browse(COMMON, student)
    write_post(page, "Good morning")
    page.locator(".post-body", has_text="Good morning").wait_for()
    wait_for_polls(page)

    assert post_bodies() == ["Good morning"]
    assert page.locator(".post").count() == 1
    assert page.locator("[data-notice]").is_hidden()
    assert page.locator("textarea").input_value() == ""
    assert page.locator("textarea").evaluate("field => field === document.activeElement")
    assert page.url.endswith(COMMON)


def test_shift_enter_starts_a_line(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("One")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")
    page.locator(".post").wait_for()

    assert post_bodies() == ["One\nTwo"]


def test_enter_starts_a_line_on_a_touch_screen(browse, student):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    write_post(page, "One")
    page.keyboard.type("Two")
    page.get_by_role("button", name="Post", exact=True).tap()
    page.locator(".post").wait_for()

    assert post_bodies() == ["One\nTwo"]


def test_field_grows_to_five_lines_and_shrinks_when_the_post_is_sent(browse, student):
    page = browse(COMMON, student)
    field = page.locator("textarea")
    field.evaluate("field => field.style.setProperty('field-sizing', 'fixed')")  # as in browsers without the property
    line_height = field.evaluate("field => parseFloat(getComputedStyle(field).lineHeight)")
    heights = []
    for lines in range(1, 8):
        field.fill("\n".join(["x"] * lines))
        heights.append(field.bounding_box()["height"])
    write_post(page, "one\ntwo\nthree")
    page.locator(".post").wait_for()

    assert [round((height - heights[0]) / line_height) for height in heights] == [0, 1, 2, 3, 4, 4, 4]
    assert field.bounding_box()["height"] == heights[0]


def test_same_text_can_be_posted_twice(browse, student):
    page = browse(COMMON, student)
    for text in ("Yes", "Yes"):
        write_post(page, text)
        expect(page.locator("textarea")).to_have_value("")
    page.locator(".post").nth(1).wait_for()

    assert post_bodies() == ["Yes", "Yes"]


def test_double_click_and_held_enter_create_one_post(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Once")
    page.get_by_role("button", name="Post", exact=True).dblclick()
    page.locator(".post").wait_for()
    page.locator("textarea").fill("Held")
    for _number in range(5):
        page.keyboard.down("Enter")
    page.locator(".post").nth(1).wait_for()
    wait_for_polls(page)

    assert post_bodies() == ["Once", "Held"]
    assert page.locator(".composer-errors").inner_text() == ""


def test_counter_shows_remaining_characters(browse, student):
    page = browse(COMMON, student)
    count = page.locator("[data-composer] [data-count]")
    page.locator("textarea").fill("x" * 99)
    far = count.inner_text()
    page.locator("textarea").fill("😀" * 130)
    near = count.inner_text()
    page.locator("textarea").fill("x" * 143)

    assert (far, near, count.inner_text()) == ("", "10", "-3")
    assert "is-over" in count.get_attribute("class")


def test_reply_can_be_cancelled_and_sent(browse, student, classmate):
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student)
    bar = page.locator("[data-reply]")
    page.locator(".post").hover()
    page.locator(".post-tool.is-reply").click()
    bar.get_by_text("Who has the key?").wait_for()
    bar.get_by_role("link", name="Cancel").click()
    bar.wait_for(state="hidden")
    page.locator(".post").hover()
    page.locator(".post-tool.is-reply").click()
    write_post(page, "I have")
    page.locator(".post-quote", has_text="Who has the key?").wait_for()

    assert bar.is_hidden()
    assert Post.objects.get(body="I have").reply_to_id == parent.pk


def test_reply_without_scripts(browse, student, classmate):
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student, java_script_enabled=False)
    page.locator(".post").hover()
    with page.expect_navigation():
        page.locator(".post-tool.is-reply").click()
    shown = page.locator("[data-reply]").inner_text()
    page.locator("textarea").fill("I have")
    with page.expect_navigation():
        page.get_by_role("button", name="Post", exact=True).click()

    assert "Who has the key?" in shown
    assert Post.objects.get(body="I have").reply_to_id == parent.pk
    assert page.locator(".post-quote").is_visible()


def test_post_written_on_an_older_page_shows_the_newest_posts(browse, student, classmate, settings):
    settings.POSTS_PER_PAGE = 10
    posts = [PostFactory(author=classmate, body=f"Number {number}") for number in range(60)]
    page = browse(f"/rooms/common/?at={posts[12].pk}", student, viewport={"width": 1280, "height": 400})
    page.route("**/?after=*", lambda route: route.abort())
    page.expected_problems.append("ERR_FAILED")
    page.reload()
    write_post(page, "From afar")
    page.wait_for_url("**/rooms/common/")
    page.locator(".post-body", has_text="From afar").wait_for()

    assert post_bodies()[-1] == "From afar"


def test_archived_room_has_no_composer_and_no_reply_links(browse, student, teacher, classmate, room):
    actions.write_post(classmate, room, "Last post")
    actions.archive_rooms(type(room).objects.filter(pk=room.pk), teacher)
    page = browse(room.get_absolute_url(), student)

    assert page.locator("[data-composer]").count() == 0
    assert page.locator(".post-tool.is-reply").is_hidden()
    assert page.get_by_text("This room is archived.").is_visible()
