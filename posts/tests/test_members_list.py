"""The page with the members and the join requests of a room."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import StudentFactory, TeacherFactory
from accounts.tests.helpers import Page
from posts.models import Membership
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH
from posts.tests.support import html_of

State = Membership.State


def listed(response, section="members"):
    """Return the usernames in a section of the page, in order."""
    page = Page(response)
    ids = [row.get("data-key") for row in page.by_class("item") if is_below(page, section, row)]
    names = dict(User.objects.values_list("pk", "username"))
    return [names[int(pk)] for pk in ids]


def is_below(page, section, row):
    return any(row in each.iter() for each in page.root.iter("section") if each.get("aria-labelledby") == section)


def test_owners_come_first_and_members_follow_by_name(client_for, room, co_teacher, student):
    for name in ("zoe", "Bea"):
        MembershipFactory(room=room, user=StudentFactory(username=f"x-{name}", first_name=name))

    response = client_for(student).get(PATH)

    assert listed(response) == ["ms.hale", "mr.cole", "x-Bea", "kim", "sam", "x-zoe"]
    text = Page(response).text()
    assert "Ada Hale @ms.hale teacher Owner" in text
    assert "Ben Cole @mr.cole teacher Co-teacher" in text
    assert "In this room 6" in text


@pytest.mark.parametrize("viewer", ["teacher", "co_teacher", "admin"])
def test_owners_and_administrators_see_requests(client_for, request, room, applicant, viewer):
    response = client_for(request.getfixturevalue(viewer)).get(PATH)

    assert listed(response, "requests") == ["ren"]
    assert "ren" not in listed(response)


def test_members_see_neither_requests_nor_who_has_never_signed_in(client_for, room, applicant, student, teacher):
    pages = [html_of(client_for(user).get(PATH)) for user in (student, teacher)]

    assert [("Ren" in page, "Join requests" in page, "Never signed in" in page) for page in pages] == [
        (False, False, False),
        (True, True, True),
    ]


def test_teacher_with_revoked_approval_is_shown_as_a_member(client_for, room, co_teacher, applicant):
    User.objects.filter(pk=co_teacher.pk).update(approved_at=None)

    response = client_for(co_teacher).get(PATH)

    assert "Co-teacher" not in Page(response).text()
    assert listed(response, "requests") == []


def test_inactive_accounts_are_hidden_from_members_and_marked_for_owners(client_for, room, student, teacher):
    for state in (State.MEMBER, State.APPLIED):
        MembershipFactory(room=room, user=StudentFactory(username=f"out-{state}", is_active=False), state=state)

    assert "out-member" not in listed(client_for(student).get(PATH))
    response = client_for(teacher).get(PATH)
    assert listed(response, "requests") == []
    assert "out-member" in listed(response)
    assert "out-member Account deactivated" in Page(response).text()


@pytest.mark.parametrize("state", [State.DECLINED, State.REMOVED, State.LEFT])
def test_people_in_other_states_are_not_listed(client_for, room, teacher, outsider, state):
    MembershipFactory(room=room, user=outsider, state=state)

    page = Page(client_for(teacher).get(PATH))
    assert "olu" not in page.text()
    assert "/users/olu/" not in page.links()


@pytest.mark.parametrize(
    ("query", "members", "requests"),
    [("kim", ["kim"], []), ("MORI", [], ["ren"]), ("9b", ["kim"], []), ("nobody", [], []), ("%", [], [])],
)
def test_search_finds_members_and_requests(client_for, room, teacher, classmate, applicant, query, members, requests):
    User.objects.filter(pk=classmate.pk).update(location="Class 9B")

    response = client_for(teacher).get(PATH, {"q": query})

    assert (listed(response), listed(response, "requests")) == (members, requests)
    assert f"“{query}”" in Page(response).text()


def test_search_that_is_too_long_shows_everyone_and_an_error(client_for, room, student):
    response = client_for(student).get(PATH, {"q": "x" * 61})

    assert "Use at most 60 characters." in html_of(response)
    assert listed(response) == ["ms.hale", "kim", "sam"]


def test_members_are_paginated_and_the_search_is_preserved(client_for, room, teacher):
    Membership.objects.bulk_create(Membership(room=room, user=StudentFactory(last_name="Zz")) for _number in range(51))
    client = client_for(teacher)

    pages = [listed(client.get(PATH, {"q": "zz", "page": page})) for page in ("1", "2", "9", "x")]

    assert [len(page) for page in pages] == [50, 1, 1, 50]
    assert 'href="?q=zz&amp;page=2"' in html_of(client.get(PATH, {"q": "zz"}))


def test_many_requests_are_shown_on_demand(client_for, room, teacher):
    Membership.objects.bulk_create(
        Membership(room=room, user=StudentFactory(), state=State.APPLIED) for _number in range(51)
    )
    client = client_for(teacher)

    assert len(listed(client.get(PATH), "requests")) == 50
    assert "Show all 51 requests" in html_of(client.get(PATH))
    assert len(listed(client.get(PATH, {"requests": "all"}), "requests")) == 51


def test_common_room_lists_its_members(client_for, common_room, student, teacher):
    assert listed(client_for(student).get("/rooms/common/members/")) == ["ms.hale", "sam"]


def test_empty_room_is_shown_to_administrators(client_for, admin, room):
    Membership.objects.all().delete()

    assert "Nobody is in this room yet." in html_of(client_for(admin).get(PATH))


@pytest.mark.parametrize("number", [2, 40])
@pytest.mark.parametrize(("viewer", "expected"), [("student", 8), ("teacher", 10), ("admin", 10)])
def test_number_of_queries_is_fixed(client_for, request, room, viewer, expected, number):
    Membership.objects.bulk_create(
        Membership(room=room, user=user, state=state)
        for _number in range(number)
        for user, state in [(StudentFactory(), State.APPLIED), (TeacherFactory(), State.MEMBER)]
    )
    client = client_for(request.getfixturevalue(viewer))

    with CaptureQueriesContext(connection) as queries:
        client.get(PATH)

    assert len(queries) == expected, "\n".join(query["sql"] for query in queries)
