"""Unsent text in a browser."""

import pytest

from posts.models import Post
from posts.tests.browser import session_cookie
from posts.tests.composer import choose_reply, post_bodies, write_post
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


@pytest.mark.guarantee("typed-text")
def test_text_that_is_too_long_remains_with_an_error(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("status of 422")
    write_post(page, "x" * 141)
    page.get_by_text("1 character too long").wait_for()
    described_by = page.locator("textarea").get_attribute("aria-describedby")
    text_before = page.locator("textarea").input_value()
    invalid = page.locator("textarea").get_attribute("aria-invalid")
    write_post(page, "Short")
    page.locator(".post").wait_for()

    assert page.locator(".composer-errors").inner_text() == ""
    assert (text_before, invalid) == ("x" * 141, "true")
    assert described_by
    assert page.locator("textarea").get_attribute("aria-invalid") == "false"


def test_text_that_is_too_long_remains_without_scripts(browse, student):
    page = browse(COMMON, student, java_script_enabled=False)
    page.locator("textarea").fill("x" * 141)
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_text("1 character too long").wait_for()

    assert page.locator("textarea").input_value() == "x" * 141


def test_draft_survives_a_reload_and_is_deleted_when_sent(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Half a thou")
    page.reload()
    text_before = page.locator("textarea").input_value()
    page.locator("textarea").press("Enter")
    page.locator(".post").wait_for()
    page.reload()

    assert text_before == "Half a thou"
    assert page.locator("textarea").input_value() == ""


def test_draft_is_deleted_on_sign_out(browse, student):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Only for me")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/student/")

    assert page.evaluate("sessionStorage.length") == 0


def test_draft_is_not_shown_to_the_next_user(browse, student, classmate, live_server):
    page = browse(COMMON, student)
    page.locator("textarea").fill("Only for me")
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(classmate, live_server.url)])
    page.goto(COMMON)

    assert page.locator("textarea").input_value() == ""


def sign_in_again(page, path):
    page.wait_for_url("**/login/**")
    page.locator("#id_username").fill("sam")
    page.locator("#id_password").fill("correct horse staple")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("leave", ["reload", "submit", "poll"])
def test_text_and_reply_survive_a_reload_and_an_ended_session(browse, student, classmate, settings, leave):
    settings.POLL_SECONDS = 60 if leave == "submit" else 0.3
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    choose_reply(page, parent)
    page.locator("textarea").fill("Long in the making")
    if leave == "reload":
        page.reload()
    else:
        student.sessions.all().delete()
        if leave == "submit":
            page.locator("textarea").press("Enter")
        sign_in_again(page, COMMON)
    text = page.locator("textarea").input_value()
    reply = page.locator("[data-reply]").inner_text()
    bodies = post_bodies()
    page.locator("textarea").press("Enter")
    page.locator(".post-quote").wait_for()
    page.reload()

    assert text == "Long in the making"
    assert "Kim Lund" in reply
    assert "Who has the key?" in reply
    assert bodies == ["Who has the key?"]
    assert Post.objects.get(body="Long in the making").reply_to == parent
    assert page.locator("[data-reply]").is_hidden()
    assert page.locator("textarea").input_value() == ""


def test_cancelled_reply_does_not_return_after_a_reload(browse, student, classmate):
    parent = PostFactory(author=classmate, body="Who has the key?")
    page = browse(COMMON, student)
    choose_reply(page, parent)
    page.locator("[data-reply-cancel]").click()
    page.reload()

    assert page.locator("[data-reply]").is_hidden()


def test_reply_in_the_address_replaces_the_saved_one(browse, student, classmate):
    first, second = (PostFactory(author=classmate, body=body) for body in ("First", "Second"))
    page = browse(COMMON, student)
    choose_reply(page, first)
    page.locator("textarea").fill("Half a thou")
    page.goto(f"{COMMON}?reply_to={second.pk}#composer")

    assert "Second" in page.locator("[data-reply]").inner_text()
    assert page.locator("textarea").input_value() == "Half a thou"


@pytest.mark.guarantee("typed-text")
def test_text_remains_while_offline(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    write_post(page, "Into the void")
    page.get_by_text("Not sent. Try again").wait_for()
    text_before = page.locator(".pending-text").inner_text()
    page.context.set_offline(False)
    page.reload()
    page.locator("textarea").press("Enter")
    page.locator(".post").wait_for()

    assert text_before == "Into the void"
    assert post_bodies() == ["Into the void"]


def test_changed_text_of_a_post_survives_a_reload_until_it_is_saved_or_discarded(browse, student):
    post = PostFactory(author=student, body="Before")
    page = browse(f"/posts/{post.pk}/edit/", student)
    notice = page.get_by_text("This text has not been saved yet.")
    hidden_at_first = notice.is_hidden()
    for text, button in (("Discarded", "Discard"), ("After", "Save")):
        page.locator("textarea").fill(text)
        page.reload()
        notice.wait_for()
        restored = page.locator("textarea").input_value()
        page.get_by_text(button, exact=True).click()
        page.wait_for_load_state()
        page.goto(f"/posts/{post.pk}/edit/")

        assert restored == text
        assert notice.is_hidden()
        assert page.locator("textarea").input_value() == Post.objects.get().body

    assert hidden_at_first
    assert post_bodies() == ["After"]


def test_restored_text_replaces_a_later_edit_only_when_saved_again(browse, student):
    post = PostFactory(author=student, body="Before")
    page = browse(f"/posts/{post.pk}/edit/", student)
    page.locator("textarea").fill("Mine")
    Post.objects.update(body="Changed on another device")
    page.reload()
    page.get_by_role("button", name="Save").click()
    page.locator(".invalid-feedback").get_by_text("This post has been changed since you opened it").wait_for()

    texts = [page.locator("textarea").input_value()]
    page.goto(f"/posts/{post.pk}/edit/")
    texts.append(page.locator("textarea").input_value())
    bodies = post_bodies()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/rooms/common/**")

    assert texts == ["Mine", "Mine"]
    assert bodies == ["Changed on another device"]
    assert post_bodies() == ["Mine"]
