"""New and changed posts in a browser that polls."""

import re

import pytest
from playwright.sync_api import expect

from posts import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    """Poll often, and show ten posts per page."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


def post_texts(page):
    return [text.strip() for text in page.locator(".post-body").all_inner_texts()]


def test_post_by_another_user_appears_without_reloading(browse, student, classmate, client_for):
    page = browse(COMMON, student)
    client_for(classmate).post(COMMON, {"body": "Hot off the press"})
    page.get_by_text("Hot off the press").wait_for()

    assert page.requests.count(COMMON) == 1


def test_first_post_replaces_the_empty_message(browse, student, classmate, common_room):
    page = browse(COMMON, student)
    empty = page.locator(".empty").count()
    actions.write_post(classmate, common_room, "Hello")
    page.get_by_text("Hello", exact=True).wait_for()

    assert (empty, page.locator(".empty").count()) == (1, 0)


def test_edits_and_removals_update_the_post(browse, student, classmate, common_room):
    first = actions.write_post(classmate, common_room, "To be edited")
    second = actions.write_post(classmate, common_room, "To be removed")
    reply = actions.write_post(classmate, common_room, "Its reply", reply_to=second)
    page = browse(COMMON, student)
    actions.edit_post(first, "Edited", classmate)
    page.get_by_text("Edited", exact=True).wait_for()
    actions.remove_post(second, classmate)
    page.get_by_text("deleted by its author").wait_for()
    shown = post_texts(page)
    for post in (reply, first):  # in any order, a post that nobody replies to disappears
        actions.remove_post(post, classmate)
    expect(page.locator(".post:visible, .day:visible")).to_have_count(0)

    assert shown == ["Edited", "This post was deleted by its author.", "Its reply"]
    assert page.locator(".day").count() == 1


def test_changed_post_preserves_focus_and_selection(browse, student, classmate, common_room):
    parent = actions.write_post(classmate, common_room, "Who has the key?")
    reply = actions.write_post(classmate, common_room, "Check the office first, then the library", reply_to=parent)
    page = browse(COMMON, student)
    row = page.locator(f"#post-{reply.pk}")
    row.get_by_role("link", name="Reply to Kim Lund", exact=True).focus()
    row.locator(".post-body").evaluate("it => getSelection().setBaseAndExtent(it.firstChild, 10, it.firstChild, 16)")
    actions.edit_post(parent, "Who has the keys?", classmate)
    row.get_by_text("Who has the keys?").wait_for()
    actions.edit_post(reply, "Check the office first, then @sam and the library", classmate)
    row.get_by_text("edited").wait_for()

    assert page.evaluate("getSelection().toString()") == "office"
    assert "Reply" in page.evaluate("document.activeElement.innerText")
    assert row.locator(".post-body .mention").inner_text() == "@sam"


def test_focus_in_a_removed_post_moves_to_the_conversation(browse, student, classmate, common_room):
    post = actions.write_post(classmate, common_room, "To be removed")
    page = browse(COMMON, student)
    page.get_by_role("link", name="Reply").focus()
    actions.remove_post(post, classmate)
    page.locator(".post").wait_for(state="hidden")

    assert page.evaluate("document.activeElement.getAttribute('role')") == "log"


def test_missed_post_is_inserted_before_a_later_one(browse, student, classmate, common_room, settings):
    settings.POLL_SECONDS = 1
    page = browse(COMMON, student)
    actions.write_post(classmate, common_room, "Written just before")
    page.locator("textarea").fill("Mine")
    page.keyboard.press("Enter")
    page.get_by_text("Mine", exact=True).wait_for()
    page.get_by_text("Written just before").wait_for()

    assert post_texts(page) == ["Written just before", "Mine"]


def test_hidden_page_sends_no_requests_and_updates_when_visible(browse, student, classmate, common_room):
    page = browse(None, student)
    page.clock.install()
    page.goto(COMMON)
    page.evaluate(
        """() => {
            window.isHidden = true;
            Object.defineProperty(document, "hidden", { get: () => window.isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.requests.clear()
    actions.write_post(classmate, common_room, "While you were away")
    page.clock.run_for(60_000)
    requests = list(page.requests)
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("While you were away").wait_for()

    assert requests == []


def test_page_shows_a_lost_connection_and_updates_when_it_returns(browse, student, classmate, common_room):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_text("You're offline. Reconnecting…").wait_for()
    actions.write_post(classmate, common_room, "Meanwhile")
    page.context.set_offline(False)
    page.get_by_text("Meanwhile").wait_for()
    page.get_by_text("You're offline. Reconnecting…").wait_for(state="detached")


def test_page_that_missed_too_many_changes_offers_to_reload(browse, student, monkeypatch, common_room, classmate):
    monkeypatch.setattr("posts.views.conversation.MAX_CHANGES", 2)
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    for number in range(4):
        actions.write_post(classmate, common_room, f"Number {number}")
    page.context.set_offline(False)
    page.get_by_role("button", name="Many new posts. Reload").click()
    page.get_by_text("Number 3").wait_for()


def test_moderators_delete_own_posts_and_remove_other_posts(browse, student, admin, common_room):
    for user in (student, admin):
        actions.write_post(user, common_room, f"By {user.username}")
    page = browse(COMMON, admin)

    for text, action in (("By sam", "Remove"), ("By head", "Delete")):
        row = page.locator(".post", has_text=text)
        row.locator("summary").click()
        expect(row.locator(".dropdown-menu")).to_have_text(re.compile(rf"{action}\s*$"), use_inner_text=True)
        page.keyboard.press("Escape")
