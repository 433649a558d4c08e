"""Every page in a real browser: accessible in both looks, nothing sticks out on a phone, nothing asked elsewhere."""

import sys

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from posts import actions
from posts.models import Membership, Room
from posts.tests.browser import axe_source, horizontal_overflow
from posts.tests.browser_pages import (
    COMMON,
    OTHER_PAGES,
    REFUSALS,
    STUDENT_PAGES,
    VISITOR_PAGES,
    open_menu,
    reset_link,
    send,
)
from posts.tests.factories import NotificationFactory, RoomFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "is_mobile": True}
# Colours are looked at when they have arrived.
STILL = {"reduced_motion": "reduce"}
CHECK = """
async (options) => {
    const found = await axe.run(document, { ...options, resultTypes: ["violations"] });
    const where = (rule) => rule.nodes.map(node => `${node.target} ${node.html}`).join(" | ");
    return found.violations.map(rule => `${rule.id}: ${where(rule)}`);
}
"""


@pytest.fixture(autouse=True)
def slow(settings):
    """No page asks again while it is looked at."""
    settings.POLL_SECONDS = 600


@pytest.fixture
def school(student, classmate, teacher, pending_teacher, admin, common_room):
    """Something of everything that a page can show, long names and words among it."""
    long = StudentFactory(
        username="w" * 20, first_name="Wolfeschlegelstein" * 8, last_name="Bergerdorff" * 13, location="A" * 40
    )
    layla = StudentFactory(
        username="layla", first_name="ليلى", last_name="الخطيب", description="أحب كرة القدم والرياضيات"
    )
    question = actions.write_post(classmate, common_room, "Who has the key? https://example.org/" + "a" * 90)
    actions.write_post(student, common_room, "I have, @kim", reply_to=question)
    actions.write_post(student, common_room, "It is at home")
    actions.write_post(long, common_room, "w" * 140)
    actions.write_post(layla, common_room, "مرحبا @sam كيف حالك؟")
    actions.remove_post(actions.write_post(classmate, common_room, "Not nice"), admin, "not nice")
    edited = actions.write_post(teacher, common_room, "See page 11, @sam")
    actions.edit_post(edited, "See page 12, @sam", teacher)
    Membership.objects.filter(user=student).update(last_read=question.pk)
    rooms = [RoomFactory(name=f"Room {number} " + "of a long name " * 3, owner=teacher) for number in range(12)]
    for room in rooms:
        actions.add_member(Membership(user=student, room=room), teacher)
    Room.objects.filter(pk=rooms[-1].pk).update(archived_at=timezone.now())
    Membership.objects.create(user=classmate, room=rooms[0], state=Membership.State.APPLIED)
    for _number in range(100):
        NotificationFactory(recipient=student, actor=teacher, post=None, room=rooms[0], kind="accepted")
    return {"posts": [question, edited], "rooms": rooms, "long": long}


def look(page, name, path, act):
    """Open a page, do something on it, and return what axe finds in both looks, and whether it is too wide."""
    page.expected_problems += REFUSALS
    page.goto(path)
    if act:
        act(page)
    page.evaluate(axe_source())
    found = page.evaluate(CHECK, {"runOnly": TAGS})
    page.emulate_media(color_scheme="dark")
    # What the other look could change is colours alone.
    found += page.evaluate(CHECK, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
    page.emulate_media(color_scheme="light")
    if horizontal_overflow(page) > 0:
        found.append(f"too wide by {horizontal_overflow(page)}")
    return [f"{name}: {problem}" for problem in found]


def test_visitors_pages_are_accessible_in_both_looks(browse, student):
    page = browse(None, **STILL)
    pages = VISITOR_PAGES | {"new password": (reset_link(student), None)}

    assert [problem for name, (path, act) in pages.items() for problem in look(page, name, path, act)] == []


def test_students_pages_are_accessible_in_both_looks(browse, student, school):
    page = browse(None, student, **STILL)
    mine = actions.write_post(student, school["rooms"][0], "Mine")
    pages = STUDENT_PAGES | {
        "edit": (f"/posts/{mine.pk}/edit/", None),
        "delete": (f"/posts/{mine.pk}/delete/", None),
        "archived room": (school["rooms"][-1].get_absolute_url(), None),
        "reply": (f"{COMMON}?reply_to={school['posts'][0].pk}", None),
        "part of the conversation": (f"/posts/{school['posts'][0].pk}/", None),
    }

    assert [problem for name, (path, act) in pages.items() for problem in look(page, name, path, act)] == []


def test_other_peoples_pages_are_accessible_in_both_looks(browse, school, request):
    pages, found = {}, []
    removal = ("admin", f"/posts/{school['posts'][0].pk}/delete/", None)
    for name, (person, path, act) in {**OTHER_PAGES, "removal": removal}.items():
        if person not in pages:
            pages[person] = browse(None, request.getfixturevalue(person), **STILL)
        found += look(pages[person], name, path, act)

    assert found == []


def test_error_page_is_accessible_in_both_looks(browse, student, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(sys.modules["posts.views.home"], "_home", broken)
    page = browse(None, student, **STILL)
    page.expected_problems.append("status of 500")
    found = look(page, "error", "/home/", None)
    heading = page.locator("h1").inner_text()

    assert (found, heading) == ([], "Something broke on our side")


def test_no_page_is_scrolled_sideways_on_a_phone(browse, student, school, request):
    people = [(None, path, None) for path, _act in VISITOR_PAGES.values()]
    people += [(student, path, act) for path, act in STUDENT_PAGES.values() if act in (None, open_menu, send)]
    people += [(request.getfixturevalue(person), path, act) for person, path, act in OTHER_PAGES.values()]
    pages, found = {}, []
    for person, path, act in people:
        key = person and person.pk
        page = pages.get(key) or pages.setdefault(key, browse(None, person, **PHONE))
        page.expected_problems += REFUSALS
        page.goto(path)
        if act:
            act(page)
        if horizontal_overflow(page) > 0:
            found.append((path, horizontal_overflow(page)))

    assert found == []
