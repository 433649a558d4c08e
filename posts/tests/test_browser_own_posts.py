"""Editing and deleting posts in their place, in a browser."""

import pytest
from playwright.sync_api import expect

from posts.models import Post
from posts.tests.composer import post_bodies
from posts.tests.factories import PostFactory
from posts.tests.test_browser_drafts import sign_in_again

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture
def post(student):
    return PostFactory(author=student, body="Before")


def choose(page, post, action):
    """Choose `action` in the menu of `post`."""
    page.locator(f"#post-{post.pk}").hover()
    page.locator(f"#post-{post.pk} summary").click()
    page.locator(f"#post-{post.pk}").get_by_text(action, exact=True).click()


def test_post_is_edited_in_its_place(browse, student, post):
    page = browse(COMMON, student)
    page.expected_problems += ["status of 422", "ERR_FAILED"]
    row, field = page.locator(f"#post-{post.pk}"), page.locator("#edit-body")
    choose(page, post, "Edit")
    expect(field).to_be_focused()
    expect(field).to_have_value("Before")
    expect(row).to_be_hidden()
    field.fill("Half a thou")
    field.press("Escape")
    expect(row).to_be_focused()
    expect(row).to_contain_text("Before")
    choose(page, post, "Edit")
    expect(field).to_have_value("Half a thou")
    expect(page.get_by_text("This text has not been saved yet.")).to_be_visible()
    field.fill("x" * 141)
    expect(page.locator(".post-edit [data-count]")).to_have_text("-1")
    field.press("Enter")
    expect(page.locator("#edit-errors")).to_have_text("1 character too long")
    page.route("**/edit/", lambda route: route.abort())
    page.locator("#edit-body").fill("After")
    page.locator("#edit-body").press("Shift+Enter")
    page.keyboard.type("lunch")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#edit-errors")).to_have_text("Not sent. Try again")
    page.unroute("**/edit/")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("After\nlunch")
    expect(row).to_contain_text("edited")
    choose(page, post, "Edit")
    expect(page.locator("#edit-body")).to_have_value("After\nlunch")
    page.locator("#edit-body").fill("Discarded")
    page.get_by_role("link", name="Cancel", exact=True).click()

    assert post_bodies() == ["After\nlunch"]
    assert page.evaluate("sessionStorage.length") == 0
    assert page.url.endswith(COMMON)


def test_edited_text_survives_an_expired_session(browse, student, post):
    page = browse(COMMON, student)
    choose(page, post, "Edit")
    page.locator("#edit-body").fill("Long in the making")
    student.sessions.all().delete()
    page.locator("#edit-body").press("Enter")
    sign_in_again(page, f"/posts/{post.pk}/edit/")
    expect(page.locator("textarea")).to_have_value("Long in the making")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/rooms/common/**")

    assert post_bodies() == ["Long in the making"]


def test_deletion_needs_no_question_and_can_be_undone(browse, student, post):
    page = browse(None, student)
    page.clock.install()
    page.goto(COMMON)
    row, undo = page.locator(f"#post-{post.pk}"), page.get_by_role("button", name="Undo")
    choose(page, post, "Delete")
    expect(page.locator("[data-undo]")).to_have_text("Post deleted. Undo")
    expect(row).to_be_hidden()
    is_removed = Post.objects.get().is_removed
    page.clock.run_for(9_000)
    undo.focus()
    page.clock.run_for(40_000)
    undo.press("Enter")
    expect(row).to_be_visible()
    expect(row).to_be_focused()
    expect(undo).to_be_hidden()
    restored = not Post.objects.get().is_removed
    choose(page, post, "Delete")
    undo.wait_for()
    page.clock.run_for(11_000)
    expect(undo).to_be_hidden()

    assert (is_removed, restored) == (True, True)
    assert Post.objects.get().is_removed
    assert page.url.endswith(COMMON)
