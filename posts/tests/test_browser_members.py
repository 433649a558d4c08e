"""The members page in a browser, while a class joins."""

import pytest
from playwright.sync_api import expect

from posts.actions import accept_request, decline_request, demote_member, join_room, remove_member
from posts.models import Membership, Room
from posts.tests.members import PATH, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.2


@pytest.mark.parametrize(("joining", "text"), [("request", "Join requests 1"), ("code", "In this room 4")])
def test_people_who_join_appear_without_reloading(browse, room, teacher, outsider, joining, text):
    Room.objects.filter(pk=room.pk).update(joining=joining)
    page = browse(PATH, teacher)
    expect(page.get_by_role("status").filter(has_text="3 members")).to_have_count(1)

    join_room(outsider, room.join_code)

    page.get_by_role("heading", name=text).wait_for()
    page.get_by_role("link", name="olu").wait_for()
    assert page.requests.count(PATH) == 1


def test_request_that_has_just_appeared_is_accepted_with_one_tap(browse, room, teacher, outsider):
    page = browse(PATH, teacher, viewport={"width": 360, "height": 700}, has_touch=True)
    join_room(outsider, room.join_code)
    page.get_by_role("button", name="Accept olu").tap()

    page.get_by_text("olu is now a member of Chemistry 9b.").wait_for()
    assert state_of(outsider, room) == Membership.State.MEMBER


def test_focus_stays_on_its_row_while_others_are_inserted_and_removed(browse, room, teacher, applicant, outsider):
    first = room.memberships.get(user=applicant)
    second = join_room(outsider, room.join_code)
    page = browse(PATH, teacher)
    page.get_by_role("button", name="Decline olu").focus()
    row = page.evaluate_handle("document.activeElement.closest('[data-key]')")

    decline_request(first, teacher)
    page.get_by_role("heading", name="Join requests 1").wait_for()

    assert page.evaluate("document.activeElement.getAttribute('formaction')") == f"{PATH}olu/decline/"
    assert row.evaluate("row => row.isConnected && row.contains(document.activeElement)")

    accept_request(second, teacher)
    page.get_by_role("heading", name="In this room 4").wait_for()

    assert page.evaluate("document.activeElement.id") == "members"


def test_open_menu_stays_open(browse, room, teacher, student, outsider):
    Room.objects.filter(pk=room.pk).update(joining="code")
    page = browse(PATH, teacher)
    page.locator("summary[aria-label='Actions for Sam Okafor']").click()

    join_room(outsider, room.join_code)
    page.get_by_role("link", name="olu").wait_for()

    expect(page.get_by_role("link", name="Remove from room")).to_be_visible()


def test_page_of_a_removed_co_teacher_disappears(browse, room, teacher, co_teacher):
    page = browse(PATH, co_teacher)
    page.expected_problems.append("status of 404")

    remove_member(room.memberships.get(user=co_teacher), teacher)

    page.get_by_role("heading", name="Page not found").wait_for()


def test_page_of_a_demoted_co_teacher_loses_the_requests(browse, room, teacher, co_teacher, applicant):
    page = browse(PATH, co_teacher)
    page.expected_problems.append("status of 403")
    expect(page.get_by_role("heading", name="Join requests")).to_be_visible()

    demote_member(room.memberships.get(user=co_teacher), teacher)

    expect(page.get_by_role("heading", name="Join requests")).to_have_count(0)
    expect(page.get_by_role("heading", name="In this room")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_member_is_removed_and_teacher_promoted_from_the_menu(browse, room, teacher, co_teacher, student, scripts):
    Membership.objects.filter(user=co_teacher).update(is_co_teacher=False)
    page = browse(PATH, teacher, java_script_enabled=scripts)
    page.locator("summary[aria-label='Actions for Ben Cole']").click()
    page.get_by_role("button", name="Make co-teacher").click()
    page.get_by_text("Ben Cole is now a co-teacher of Chemistry 9b.").wait_for()
    page.locator("summary[aria-label='Actions for Sam Okafor']").click()
    page.get_by_role("link", name="Remove from room").click()
    page.get_by_label("Reason (optional)").fill("changed class")
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Sam Okafor has been removed from Chemistry 9b.").wait_for()

    assert state_of(student, room) == Membership.State.REMOVED
    assert Membership.objects.get(user=co_teacher, room=room).is_co_teacher


def test_role_does_not_overlap_the_button_on_a_phone(browse, room, teacher, pending_teacher):
    page = browse(f"{PATH}add/", teacher, viewport={"width": 360, "height": 700})
    row = page.locator(".item", has_text="teacher (awaiting approval)")
    role, button = row.locator(".role").bounding_box(), row.get_by_role("button").bounding_box()

    assert role["x"] + role["width"] <= button["x"]
