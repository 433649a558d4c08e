"""The journey of a student from a join link into the room, on a phone."""

import time

import pytest
from playwright.sync_api import expect

from accounts.models import Student
from accounts.tests.factories import PASSWORD
from posts.models import Membership, Room
from posts.tests.browser import horizontal_overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LINK = "/rooms/join/ABCDEFGH/"


@pytest.fixture(autouse=True)
def code(room, settings):
    """Give the room the code ABCDEFGH, with which everyone joins, and prevent polls."""
    Room.objects.filter(pk=room.pk).update(join_code="ABCDEFGH", joining="code")
    settings.POLL_SECONDS = 600


class Phone:
    """A page on which the student taps links and buttons."""

    def __init__(self, page):
        self.page, self.taps, self.fields = page, 0, 0

    def tap(self, role, name):
        target = self.page.get_by_role(role, name=name).first
        assert target.bounding_box()["height"] >= 44
        assert horizontal_overflow(self.page) <= 0
        target.tap()
        self.taps += 1

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"#id_{name}").fill(value)
            self.fields += 1


@pytest.mark.guarantee("journeys")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_new_student_opens_the_link_and_is_in_the_room(browse, scripts, record_property):
    started = time.monotonic()
    phone = Phone(browse(LINK, java_script_enabled=scripts, **PHONE))
    phone.tap("link", "Register")
    phone.tap("link", "I'm a student")
    phone.fill(username="robin", email="robin@school.example", password1=PASSWORD, password2=PASSWORD)
    phone.tap("button", "Register")
    expect(phone.page.get_by_text("Congratulations, you are now a registered student!")).to_be_visible()
    expect(phone.page.locator("#id_username")).to_have_value("robin")
    phone.fill(password=PASSWORD)
    phone.tap("button", "Sign in")
    expect(phone.page.get_by_role("heading", name="Chemistry 9b")).to_be_visible()
    expect(phone.page.get_by_text("Teacher: Ada Hale")).to_be_visible()
    phone.tap("button", "Join room")
    expect(phone.page.get_by_text("You have joined Chemistry 9b.")).to_be_visible()
    expect(phone.page.get_by_label("Your post")).to_be_visible()

    seconds = time.monotonic() - started
    record_property("figure", f"{phone.taps} taps and {phone.fields} fields in {seconds:.1f} s")
    assert (phone.taps, phone.fields) == (5, 5)
    assert Membership.objects.get(user=Student.objects.get(username="robin"), room__slug="chemistry").state == "member"


@pytest.mark.guarantee("journeys")
def test_signed_in_student_enters_the_code_from_the_home_page(browse, outsider, record_property):
    started = time.monotonic()
    phone = Phone(browse("/home/", outsider, **PHONE))
    phone.fill(code="abcd efgh")
    phone.tap("button", "Join room")
    expect(phone.page.get_by_text("You have joined Chemistry 9b.")).to_be_visible()

    record_property("figure", f"{phone.taps} tap and {phone.fields} field in {time.monotonic() - started:.1f} s")
    assert (phone.taps, phone.fields) == (1, 1)


def test_error_is_next_to_the_field_and_has_focus(browse, outsider):
    page = browse("/home/", outsider, **PHONE)
    page.locator("#id_code").fill("abcd-efgx")
    page.get_by_role("button", name="Join room").tap()
    summary = page.locator(".error-summary")

    expect(summary).to_be_focused()
    expect(page.locator("#id_code")).to_have_value("abcd-efgx")
    expect(page.locator("#id_code_error")).to_contain_text("This code doesn't work.")


def test_student_asks_and_cancels_the_request(browse, outsider):
    Room.objects.filter(slug="chemistry").update(joining="request")
    page = browse(LINK, outsider, **PHONE)
    page.get_by_role("button", name="Ask to join").tap()
    expect(page.get_by_text("You have asked to join Chemistry 9b. Waiting for Ada Hale.")).to_be_visible()
    page.get_by_role("button", name="Cancel request").tap()
    expect(page.get_by_text("Request cancelled.")).to_be_visible()

    assert Membership.objects.get(user=outsider, room__slug="chemistry").state == "left"
