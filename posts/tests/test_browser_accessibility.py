"""Accessibility of every page in both themes, on a laptop and on a phone, and its width."""

import sys

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from posts import actions
from posts.class_lists import Outcome, Row
from posts.models import Membership, Room
from posts.tests.axe import NO_MOTION, find_problems
from posts.tests.browser_pages import (
    COMMON,
    OTHER_PAGES,
    STUDENT_PAGES,
    VISITOR_PAGES,
    archive_rooms,
    check_class_list,
    check_wrong_class_list,
    choose_groups,
    make_cards,
    open_details,
    reset_link,
)
from posts.tests.factories import NotificationFactory, RoomFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def disable_polling(settings):
    """Prevent polls during a test."""
    settings.POLL_SECONDS = 600


@pytest.fixture
def sample_content(student, classmate, teacher, pending_teacher, admin, common_room):
    """Create users, posts, rooms and notifications of every kind, including long names and text."""
    long_name = StudentFactory(
        username="w" * 20, first_name="Wolfeschlegelstein" * 8, last_name="Bergerdorff" * 13, location="A" * 40
    )
    layla = StudentFactory(
        username="layla", first_name="ليلى", last_name="الخطيب", description="أحب كرة القدم والرياضيات"
    )
    question = actions.write_post(classmate, common_room, "Who has the key? https://example.org/" + "a" * 90)
    actions.write_post(student, common_room, "I have, @kim", reply_to=question)
    actions.write_post(student, common_room, "It is at home")
    actions.write_post(long_name, common_room, "w" * 140)
    actions.write_post(layla, common_room, "مرحبا @sam كيف حالك؟")
    actions.remove_post(actions.write_post(classmate, common_room, "Not nice"), admin, "not nice")
    edited = actions.write_post(teacher, common_room, "See page 11, @sam", reply_to=question)
    actions.edit_post(edited, "See page 12, @sam", teacher)
    Membership.objects.filter(user=student).update(last_read=question.pk)
    rooms = [RoomFactory(name=f"Room {number} " + "of a long name " * 3, owner=teacher) for number in range(12)]
    for room in rooms:
        actions.add_member(Membership(user=student, room=room), teacher)
    Room.objects.filter(pk=rooms[-1].pk).update(archived_at=timezone.now())
    Membership.objects.create(user=classmate, room=rooms[0], state=Membership.State.APPLIED)
    empty = RoomFactory(slug="empty", owner=teacher, description="w" * 200)
    for room in (RoomFactory(slug="asked"), empty):
        Membership.objects.create(user=student, room=room, state=Membership.State.APPLIED)
    for _number in range(100):
        NotificationFactory(recipient=student, actor=teacher, post=None, room=rooms[0], kind="accepted")
    return {"posts": [question, edited], "rooms": rooms, "long": long_name}


def test_pages_of_visitors_are_accessible(browse, student):
    page = browse(None, **NO_MOTION)
    pages = VISITOR_PAGES | {"new password": (reset_link(student), None)}

    assert [
        problem for name, (path, action) in pages.items() for problem in find_problems(page, name, path, action)
    ] == []


@pytest.mark.guarantee("no-other-host")
def test_pages_of_students_are_accessible(browse, student, sample_content):
    page = browse(None, student, **NO_MOTION)
    mine = actions.write_post(student, sample_content["rooms"][0], "Mine")
    pages = STUDENT_PAGES | {
        "edit": (f"/posts/{mine.pk}/edit/", None),
        "delete": (f"/posts/{mine.pk}/delete/", None),
        "leave": (f"{sample_content['rooms'][0].get_absolute_url()}leave/", None),
        "cancel a request": ("/rooms/asked/leave/", None),
        "archived room": (sample_content["rooms"][-1].get_absolute_url(), None),
        "reply": (f"{COMMON}?reply_to={sample_content['posts'][0].pk}", None),
        "presented conversation": (f"{COMMON}?present", None),
        "part of the conversation": (f"/posts/{sample_content['posts'][0].pk}/", None),
    }

    assert [
        problem for name, (path, action) in pages.items() for problem in find_problems(page, name, path, action)
    ] == []


@pytest.mark.guarantee("no-other-host")
def test_pages_of_other_roles_are_accessible(browse, sample_content, request):
    pages, found = {}, []
    first, archived = sample_content["rooms"][0], sample_content["rooms"][-1]
    members = f"{first.get_absolute_url()}members/"
    others = {
        "removal": ("admin", f"/posts/{sample_content['posts'][0].pk}/delete/", None),
        "join with a link": ("outsider", f"/rooms/join/{first.join_code}/", None),
        "leave without a co-teacher": ("teacher", f"{first.get_absolute_url()}leave/", None),
        "members with a menu open": (
            "teacher",
            members,
            lambda page: page.locator("main [data-menu] summary").first.click(),
        ),
        "people to add": ("teacher", f"{members}add/", None),
        "removal of a member": ("teacher", f"{members}sam/remove/", None),
        "join code": ("teacher", f"{first.get_absolute_url()}code/", open_details),
        "join code of an archived room": ("teacher", f"{archived.get_absolute_url()}code/", None),
        "settings": ("teacher", f"{first.get_absolute_url()}settings/", open_details),
        "settings of an archived room": ("teacher", f"{archived.get_absolute_url()}settings/", None),
    }
    for name, (user, path, action) in {**OTHER_PAGES, **others}.items():
        if user not in pages:
            pages[user] = browse(None, request.getfixturevalue(user), **NO_MOTION)
        # On a phone, the open menu covers a name.
        on_phone = name != "members with a menu open"
        found += find_problems(pages[user], name, path, action, on_phone)

    assert found == []


def test_pages_of_class_lists_are_accessible(browse, teacher, sample_content):
    room = sample_content["rooms"][0]
    actions.import_class_list(room, [Row(1, "ida", "Ida " * 30, "Wells", outcome=Outcome.NEW)], teacher)
    members = f"{room.get_absolute_url()}members/"
    visits = {
        "class list": (f"{members}import/", check_class_list),
        "class list with errors": (f"{members}import/", check_wrong_class_list),
        "members": (members, None),
        "cards": (f"{members}cards/", make_cards),
        "reset password": (f"{members}ida/reset-password/", None),
    }
    page = browse(None, teacher, **NO_MOTION)

    assert [problem for name, visit in visits.items() for problem in find_problems(page, name, *visit)] == []


def test_pages_of_groups_and_archives_are_accessible(browse, teacher, sample_content):
    whole, split = sample_content["rooms"][:2]
    for room in (whole, split):
        actions.add_member(Membership(user=sample_content["long"], room=room), teacher)
    actions.create_groups(split, teacher, [[sample_content["long"].pk], []])
    visits = {
        "groups": (f"{split.get_absolute_url()}groups/", open_details),
        "groups to choose": (f"{whole.get_absolute_url()}groups/choose/?number=2", choose_groups),
        "rooms to archive": ("/rooms/archived/", archive_rooms),
    }
    page = browse(None, teacher, **NO_MOTION)

    assert [problem for name, visit in visits.items() for problem in find_problems(page, name, *visit)] == []


def test_error_page_is_accessible(browse, student, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(sys.modules["posts.views.home"], "_home_context", broken)
    page = browse(None, student, **NO_MOTION)
    page.expected_problems.append("status of 500")
    found = find_problems(page, "error", "/home/", None)
    heading = page.locator("h1").inner_text()

    assert (found, heading) == ([], "Something went wrong")
