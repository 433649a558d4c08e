"""Mentions in a browser: suggestions, and names that nobody in the room has."""

import pytest
from playwright.sync_api import expect

from posts.tests.axe import axe_source
from posts.tests.browser_pages import EXPECTED_ERRORS
from posts.tests.composer import choose_reply, post_bodies
from posts.tests.factories import PostFactory

# ARIA does not allow the role of a combobox for a textarea, but it has no other role for suggestions in a text.
RUN_AXE = """axe.run({ rules: { "aria-allowed-role": { enabled: false } } })
  .then((result) => result.violations.map((it) => it.id))"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_people_are_suggested_and_chosen_with_the_keyboard(browse, student, classmate, room):
    parent = PostFactory(room=room, author=classmate)
    page = browse(room.get_absolute_url(), student, bypass_csp=True)  # axe adds an inline style
    page.expected_problems += EXPECTED_ERRORS
    field, options = page.locator("textarea"), page.get_by_role("option")
    choose_reply(page, parent)
    field.press_sequentially("Ask @")
    expect(options).to_have_count(2)
    expect(page.get_by_role("combobox", expanded=True)).to_be_focused()
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.evaluate(axe_source())
    problems = page.evaluate(RUN_AXE)
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    field.press("Escape")
    expect(options).to_have_count(0)
    expect(field).not_to_have_attribute("role", "combobox")
    expect(page.locator("[data-reply]")).to_be_visible()
    field.press_sequentially("hal")
    page.get_by_role("option", name="Ada Hale @ms.hale").wait_for()
    field.press("Enter")
    expect(field).to_have_value("Ask @ms.hale ")
    field.press_sequentially("and @KIM")
    expect(options).to_have_count(1)
    field.press("Enter")  # a complete name is sent
    page.locator(".post-quote").wait_for()

    assert problems == []
    assert post_bodies()[-1] == "Ask @ms.hale and @KIM"
    assert page.locator(".post .mention").all_inner_texts() == ["@ms.hale", "@KIM"]


def test_person_is_chosen_by_touch(browse, teacher, room):
    page = browse(room.get_absolute_url(), teacher, has_touch=True, viewport={"width": 360, "height": 640})
    page.locator("textarea").tap()
    page.keyboard.type("@")
    page.get_by_role("option", name="@room").wait_for()
    page.get_by_role("option", name="Kim Lund").tap()

    expect(page.locator("textarea")).to_have_value("@kim ")
    expect(page.locator("textarea")).to_be_focused()


def test_name_that_nobody_in_the_room_has_is_pointed_out_before_posting(browse, student, outsider, room):
    page = browse(room.get_absolute_url(), student)
    field, note = page.locator("textarea"), page.get_by_text("Nobody in this room is called")
    field.fill("Hello @olu")
    field.press("Enter")
    expect(note).to_contain_text("called @olu.")
    bodies = post_bodies()
    field.press("Enter")
    page.locator(".post-body", has_text="Hello @olu").wait_for()
    expect(note).to_have_count(0)
    field.press_sequentially("Or @kim or @zoe, then")
    expect(note).to_contain_text("called @zoe.")  # while typing
    field.press("Enter")
    page.locator(".post-body", has_text="Or @kim").wait_for()

    assert bodies == []
    assert post_bodies() == ["Hello @olu", "Or @kim or @zoe, then"]
