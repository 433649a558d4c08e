"""Text that is typed while a post is sent, and posts that are not sent, in a browser."""

import pytest
from playwright.sync_api import expect

from posts.actions import remove_post
from posts.models import Post
from posts.tests.browser_waits import wait_until
from posts.tests.composer import choose_reply, hold_posts, post_bodies, write_post
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"
UNSENT = "Not sent. Try again"


@pytest.fixture
def parent(classmate):
    return PostFactory(author=classmate, body="Who has the key?")


def test_text_reply_and_focus_stay_while_the_last_post_is_sent(browse, student, parent):
    page = browse(COMMON, student)
    release = hold_posts(page)
    write_post(page, "One")
    page.keyboard.type("Two")
    choose_reply(page, parent)
    page.locator(".conversation-head").click()
    page.locator("[data-scroll]").focus()
    release()
    page.get_by_text("One", exact=True).wait_for()

    expect(page.locator("[data-composer]")).not_to_have_attribute("aria-busy", "true")
    assert page.locator("textarea").input_value() == "Two"
    assert page.locator("[data-scroll]").evaluate("it => it === document.activeElement")
    page.reload()
    assert page.locator("textarea").input_value() == "Two"
    page.locator("textarea").press("Enter")
    page.locator(".post-quote").wait_for()
    assert Post.objects.get(body="Two").reply_to == parent


def test_posts_submitted_while_another_is_sent_follow_in_order(browse, student):
    page = browse(COMMON, student)
    release = hold_posts(page)
    for text in ("One", "Two", "Three"):
        write_post(page, text)
    page.locator("textarea").fill("Four")
    release()
    page.locator(".post").nth(2).wait_for()

    assert post_bodies() == ["One", "Two", "Three"]
    assert page.locator("textarea").input_value() == "Four"


@pytest.mark.parametrize("scripts", [True, False])
def test_reply_to_a_post_that_is_deleted_is_sent_without_it(browse, student, classmate, parent, scripts):
    page = browse(f"{COMMON}?reply_to={parent.pk}", student, java_script_enabled=scripts)
    page.expected_problems.append("status of 422")
    page.locator("textarea").fill("Me!")
    remove_post(parent, classmate)
    button = page.locator("[data-composer] [type=submit]")
    button.click()
    expect(page.get_by_text("The post you were replying to has been deleted.")).to_be_visible()
    expect(page.locator("[data-reply]")).to_be_hidden()
    expect(page.locator("textarea")).to_have_value("Me!")
    button.click()
    expect(page.locator(".post-body", has_text="Me!")).to_be_visible()

    assert Post.objects.get(body="Me!").reply_to is None


@pytest.mark.parametrize("status", [400, 403, 413, 429, 500, 503, None])
def test_post_that_fails_stays_in_its_place_until_it_is_sent(browse, student, parent, status):
    page = browse(COMMON, student)
    page.expected_problems += ["ERR_FAILED", f"status of {status}"]
    page.route(f"**{COMMON}", lambda route: route.fulfill(status=status) if status else route.abort())
    choose_reply(page, parent)
    write_post(page, "  Into the\nvoid")
    button = page.get_by_role("button", name=UNSENT)
    button.wait_for()
    texts = page.locator(".pending-text").all_inner_texts()
    composer, below = page.locator("[data-composer]").bounding_box(), button.bounding_box()
    page.unroute(f"**{COMMON}")
    button.click()
    page.locator(".post-quote").wait_for()
    expect(page.locator("[data-pending]")).to_be_hidden()

    assert texts == ["  Into the\nvoid"]
    assert below["y"] + below["height"] <= composer["y"]
    assert Post.objects.get(body="Into the\nvoid").reply_to == parent
    assert page.evaluate("sessionStorage.length") == 0


def test_text_typed_while_a_post_fails_stays(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_FAILED")
    release = hold_posts(page)
    write_post(page, "One")
    write_post(page, "Two")
    page.keyboard.type("Three")
    pending = page.locator(".pending-post").all_inner_texts()
    release(fail=True)
    page.get_by_text(UNSENT).wait_for()
    texts = [page.locator("textarea").input_value(), *page.locator(".pending-text").all_inner_texts()]
    page.locator("[data-edit-unsent]").click()
    expect(page.locator("textarea")).to_be_focused()
    texts.append(page.locator("textarea").input_value())

    assert pending == ["One Sending…", "Two Sending…"]
    assert texts == ["Three", "One", "Two", "One\nTwo\nThree"]
    assert page.locator("[data-pending]").is_hidden()
    assert post_bodies() == []


def test_post_without_a_response_fails_after_30_seconds(browse, student):
    page = browse(None, student)
    page.clock.install()
    page.goto(COMMON)
    hold_posts(page)
    write_post(page, "Hello?")
    page.clock.run_for(31_000)
    page.get_by_text(UNSENT).wait_for()

    assert page.locator(".pending-text").inner_text() == "Hello?"


def test_reload_while_a_post_is_sent_creates_one_post(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_FAILED")
    responses = []

    def lose_response(route):
        if route.request.method == "GET":
            route.continue_()
        elif responses:
            route.fallback()
        else:
            responses.append(route.fetch())

    page.route(f"**{COMMON}", lose_response)
    write_post(page, "Only once")
    wait_until(page, lambda: responses)
    page.reload()
    text = page.locator("textarea").input_value()
    page.locator("textarea").press("Enter")
    expect(page.locator("[data-composer]")).not_to_have_attribute("aria-busy", "true")

    assert text == "Only once"
    assert post_bodies() == ["Only once"]
    page.reload()
    assert page.locator("textarea").input_value() == ""


@pytest.mark.parametrize("response", ["slow", "lost", "lost early"])
def test_post_that_arrives_without_its_response_is_shown_once(browse, settings, student, response):
    settings.POLL_SECONDS = 0.2
    PostFactory(author=student, body="the same")
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_FAILED")
    held = []

    def hold_response(route):
        if route.request.method == "GET" or held:
            route.continue_()
        else:
            held.append((route, route.fetch()))
            if response == "lost early":
                route.abort()

    page.route(f"**{COMMON}", hold_response)
    write_post(page, " the same")
    page.locator(".post-body", has_text="the same").nth(1).wait_for()
    pending = page.locator(".pending-text:visible").count()
    [(route, answer)] = held
    if response == "slow":
        route.fulfill(response=answer)
    elif response == "lost":
        route.abort()
    expect(page.locator("[data-pending]")).to_be_hidden()
    expect(page.locator(".pending-post")).to_have_count(0)

    assert pending == 0
    assert post_bodies() == ["the same", "the same"]


def test_expired_form_is_explained_and_works_after_a_reload(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("status of 403")
    page.context.clear_cookies(name="csrftoken")
    write_post(page, "Fresh again")
    page.get_by_text("This page has expired. Reload it, then try again.").wait_for()
    text = page.locator("textarea").input_value()
    page.reload()
    page.locator("textarea").press("Enter")
    page.locator(".post-body", has_text="Fresh again").wait_for()

    assert text == "Fresh again"


@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize("has_scripts", [True, False])
def test_text_over_the_limit_of_posts_stays(browse, settings, student, has_scripts):
    settings.POSTS_PER_MINUTE = 1
    PostFactory(author=student, body="One")
    page = browse(COMMON, student, java_script_enabled=has_scripts)
    page.expected_problems.append("status of 429")
    page.locator("textarea").fill("Two")
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("You are posting too fast. Try again in").wait_for()

    assert page.locator("textarea").input_value() == "Two"
    assert post_bodies() == ["One"]
