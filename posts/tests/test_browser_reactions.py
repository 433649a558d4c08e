"""Reactions in a browser."""

import pytest
from playwright.sync_api import expect

from posts import actions
from posts.models import Emoji, Post, Reaction
from posts.tests.browser_live import wait_until_live
from posts.tests.factories import PostFactory
from posts.tests.test_browser_live import open_as, server  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_reactions_are_live_marked_and_removed_with_one_tap(open_as, student, classmate):  # noqa: F811
    post = PostFactory(author=student, body="We won!")
    sam, kim = open_as(student), open_as(classmate)
    for page in (sam, kim):
        wait_until_live(page)

    # The menu contains the emoji.
    sam.locator(f"#post-{post.pk}").hover()
    sam.get_by_label("Post menu").click()
    sam.get_by_role("group", name="React").get_by_label("party").click()
    expect(sam.get_by_role("button", name="party, 1", pressed=True)).to_be_visible()
    expect(sam.get_by_label("Post menu")).to_be_focused()
    expect(sam.locator(".dropdown-menu:visible")).to_have_count(0)

    # Another user sees it live, and adds theirs with one tap.
    kim.get_by_role("button", name="party, 1", pressed=False).click()
    expect(kim.get_by_role("button", name="party, 2", pressed=True)).to_be_visible()
    expect(kim.locator(".popover")).to_contain_text("Sam Okafor, Kim Lund")
    expect(sam.get_by_role("button", name="party, 2", pressed=True)).to_be_visible()

    # The marks stay after a reload, and the same emoji again removes the reaction.
    sam.reload()
    sam.get_by_role("button", name="party, 2", pressed=True).click()
    expect(sam.get_by_role("button", name="party, 1", pressed=False)).to_be_visible()
    assert list(Reaction.objects.values_list("user", "emoji")) == [(classmate.pk, "party")]
    assert sam.evaluate("document.activeElement.getAttribute('aria-label')") == "party, 1"


def test_refused_reaction_is_explained_and_undone(browse, student, common_room):
    post = PostFactory(author=student)
    actions.react(student, post, Emoji.HEART)
    page = browse("/rooms/common/", student)
    page.expected_problems.append("status of 403")
    Post.objects.update(removed_at=post.created_at)

    page.get_by_role("button", name="heart, 1").click()

    expect(page.get_by_text("This post has been deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="heart, 1", pressed=True)).to_be_visible()


def test_reactions_work_without_scripts(browse, student, classmate, common_room):
    post = PostFactory(author=classmate)
    actions.react(classmate, post, Emoji.HEART)
    page = browse("/rooms/common/", student, java_script_enabled=False)

    page.get_by_role("button", name="heart, 1").click()
    expect(page.get_by_role("button", name="heart, 2")).to_be_visible()
    page.locator(f"#post-{post.pk}").hover()
    page.get_by_label("Post menu").click()
    page.get_by_role("link", name="React").click()
    page.get_by_role("button", name="heart, 2", pressed=True).click()

    expect(page.get_by_role("button", name="heart, 1")).to_be_visible()
    assert page.url.endswith(f"/rooms/common/?at={post.pk}#post-{post.pk}")
