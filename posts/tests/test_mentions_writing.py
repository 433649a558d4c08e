"""Suggestions of people to mention, and names that nobody in the room has."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import StudentFactory
from posts.models import Membership
from posts.tests.factories import MembershipFactory
from posts.tests.support import html_of


def suggestions(client, query, slug="chemistry"):
    return re.findall(r'data-name="([^"]+)"', html_of(client.get(f"/rooms/{slug}/people/", {"q": query})))


def pointed_out(client, text):
    """Return the response to `text` without the names in it."""
    response = client.post("/rooms/chemistry/mentions/", {"body": text})
    return response.status_code, re.sub(r"@[\w.-]+\b", "NAME", html_of(response))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["kim", "ms.hale"]),
        ("k", ["kim"]),
        ("KIM", ["kim"]),
        ("lund", ["kim"]),
        ("hal", ["ms.hale"]),
        ("m", ["ms.hale", "kim"]),  # usernames that start with it come first
        ("sam", []),  # yourself
        ("olu", []),
        ("9b", []),  # a location
        ("zz", []),
    ],
)
def test_members_are_suggested_by_username_or_name(client_for, student, classmate, outsider, room, query, names):
    classmate.location = "Class 9B"
    classmate.save()

    assert suggestions(client_for(student), query) == names


def test_only_active_members_are_suggested(client_for, student, room, applicant, deactivated, admin):
    MembershipFactory(room=room, user=deactivated)
    MembershipFactory(room=room, user=StudentFactory(username="left"), state=Membership.State.LEFT)

    assert suggestions(client_for(student), "") == ["kim", "ms.hale"]


def test_names_in_other_scripts_are_found_in_any_case(client_for, student, room):
    MembershipFactory(room=room, user=StudentFactory(username="zoya", first_name="Зоя", last_name="Ünal"))

    for query in ("Зо", "зо", "ЗО", "üna", "Ünal"):
        assert suggestions(client_for(student), query) == ["zoya"], query


@pytest.mark.parametrize(("user", "sees_room"), [("student", False), ("teacher", True), ("admin", True)])
def test_owners_get_the_mention_of_the_whole_room(client_for, request, room, user, sees_room):
    client = client_for(request.getfixturevalue(user))

    assert ["room" in suggestions(client, query) for query in ("", "ro", "RO", "x")] == [sees_room] * 3 + [False]


def test_room_with_500_members_gets_eight_suggestions_with_the_same_queries(client_for, student, room):
    client = client_for(student)
    users = StudentFactory.create_batch(500, first_name="Kim")
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(suggestions(client, "kim")) == 8

    assert len(queries) == 5


def test_fragment_shows_name_and_username(client_for, student, room):
    page = html_of(client_for(student).get("/rooms/chemistry/people/?q=hale"))

    assert "<html" not in page
    assert "<bdi>Ada Hale</bdi>" in page
    assert "@ms.hale" in page
    assert 'role="option"' in page


@pytest.mark.guarantee("hidden")
def test_user_who_cannot_see_the_room_looks_like_a_name_that_does_not_exist(client_for, student, outsider, room):
    client = client_for(student)

    hidden, missing = (pointed_out(client, f"Ask @{name} about it") for name in ("olu", "nobody"))

    assert hidden == missing
    assert hidden[0] == 200
    assert "Nobody in this room is called NAME." in hidden[1]


@pytest.mark.parametrize(
    "text", ["Hello", "@kim", "@Ms.Hale.", "@ms.hale", "@head", "sam@nobody.example", "@kim and @sam", "@ab"]
)
def test_mentions_of_people_in_the_room_are_not_pointed_out(client_for, student, room, admin, text):
    assert pointed_out(client_for(student), text) == (204, "")


def test_each_name_is_pointed_out_once(client_for, student, room):
    response = client_for(student).post("/rooms/chemistry/mentions/", {"body": "@zoe, @kim and @olu. @zoe!"})

    assert "called @zoe, @olu." in html_of(response)


def test_only_owners_can_mention_the_whole_room(client_for, student, teacher, room):
    assert pointed_out(client_for(teacher), "@room")[0] == 204
    assert pointed_out(client_for(student), "@room")[0] == 200


@pytest.mark.parametrize("text", ["\0@nobody", "@" * 100_000, "@x" * 50_000, "@nobody " * 10_000])
def test_any_text_is_accepted(client_for, student, room, text):
    response = client_for(student).post("/rooms/chemistry/mentions/", {"body": text})

    assert response.status_code in (200, 204)
    assert len(response.content) < 2_000
