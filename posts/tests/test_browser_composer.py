"""Writing, in a real browser: keys, counting, errors, replies, drafts."""

import pytest

from posts import actions
from posts.models import Post
from posts.tests.browser import session_cookie
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def quick(settings):
    settings.POLL_SECONDS = 0.3


def write(page, text, press="Enter"):
    page.locator("textarea").fill(text)
    page.locator("textarea").press(press)


def written():
    return list(Post.objects.order_by("pk").values_list("body", flat=True))


def test_enter_sends_without_a_new_page_and_the_post_is_counted_once(browse, student):
    page = browse(COMMON, student)
    write(page, "Good morning")
    page.locator(".post-body", has_text="Good morning").wait_for()
    page.wait_for_timeout(700)

    assert written() == ["Good morning"]
    assert page.locator(".post").count() == 1
    assert page.locator("[data-notice]").is_hidden()
    assert page.locator("textarea").input_value() == ""
    assert page.locator("textarea").evaluate("field => field === document.activeElement")
    assert page.url.endswith(COMMON)


def test_shift_and_enter_makes_a_line(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("One")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")
    page.locator(".post").wait_for()

    assert written() == ["One\nTwo"]


def test_enter_makes_a_line_on_a_touch_screen(browse, student):
    page = browse(COMMON, student, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700})
    write(page, "One")
    page.keyboard.type("Two")
    page.get_by_role("button", name="Send").tap()
    page.locator(".post").wait_for()

    assert written() == ["One\nTwo"]


def test_two_posts_one_after_the_other_are_two(browse, student):
    page = browse(COMMON, student)
    for text in ("Yes", "Yes"):
        write(page, text)
        page.wait_for_function("document.querySelector('textarea').value === ''")
    page.locator(".post").nth(1).wait_for()

    assert written() == ["Yes", "Yes"]


def test_double_click_and_held_enter_make_one_post(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Once")
    page.get_by_role("button", name="Send").dblclick()
    page.locator(".post").wait_for()
    page.locator("textarea").fill("Held")
    for _time in range(5):
        page.keyboard.down("Enter")
    page.locator(".post").nth(1).wait_for()
    page.wait_for_timeout(400)

    assert written() == ["Once", "Held"]
    assert page.locator(".composer-errors").inner_text() == ""


def test_counter_counts_down_characters_as_people_see_them(browse, student):
    page = browse(COMMON, student)
    count = page.locator("[data-count]")
    page.locator("textarea").fill("x" * 99)
    far = count.inner_text()
    page.locator("textarea").fill("😀" * 130)
    near = count.inner_text()
    page.locator("textarea").fill("x" * 143)

    assert (far, near, count.inner_text()) == ("", "10", "-3")
    assert "is-over" in count.get_attribute("class")


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


def test_reply_is_chosen_dropped_and_sent(browse, student, classmate):
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student)
    bar = page.locator("[data-reply]")
    page.locator(".post").hover()
    page.locator(".act-reply").click()
    bar.get_by_text("Who has the key?").wait_for()
    bar.get_by_role("link", name="Cancel").click()
    bar.wait_for(state="hidden")
    page.locator(".post").hover()
    page.locator(".act-reply").click()
    write(page, "I have")
    page.locator(".post-quote", has_text="Who has the key?").wait_for()

    assert bar.is_hidden()
    assert Post.objects.get(body="I have").reply_to_id == parent.pk


def test_reply_is_written_without_scripts(browse, student, classmate):
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student, java_script_enabled=False)
    page.locator(".post").hover()
    with page.expect_navigation():
        page.locator(".act-reply").click()
    shown = page.locator("[data-reply]").inner_text()
    page.locator("textarea").fill("I have")
    with page.expect_navigation():
        page.get_by_role("button", name="Send").click()

    assert "Who has the key?" in shown
    assert Post.objects.get(body="I have").reply_to_id == parent.pk
    assert page.locator(".post-quote").is_visible()


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


def test_writing_from_further_up_leads_to_the_newest_posts(browse, student, classmate, settings):
    settings.POSTS_PER_PAGE = 10
    posts = [PostFactory(author=classmate, body=f"Number {number}") for number in range(60)]
    page = browse(f"/rooms/common/?at={posts[12].pk}", student, viewport={"width": 1280, "height": 400})
    page.route("**/?after=*", lambda route: route.abort())
    page.expected_problems.append("ERR_FAILED")
    page.reload()
    write(page, "From afar")
    page.wait_for_url("**/rooms/common/")
    page.locator(".post-body", has_text="From afar").wait_for()

    assert written()[-1] == "From afar"


def test_archived_room_has_no_composer_and_no_way_to_reply(browse, student, teacher, classmate, room):
    actions.write_post(classmate, room, "Last words")
    actions.archive(type(room).objects.filter(pk=room.pk), teacher)
    page = browse(room.get_absolute_url(), student)

    assert page.locator("[data-composer]").count() == 0
    assert page.locator(".act-reply").is_hidden()
    assert page.get_by_text("This room is archived.").is_visible()
