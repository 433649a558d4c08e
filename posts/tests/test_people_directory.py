"""Directories of students and teachers, and their search."""

import re

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Membership
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import html_of
from posts.tests.visibility import assert_same_404


def listed_usernames(page):
    """Return the usernames in a directory, in order."""
    return re.findall(r'class="person" href="/users/([^/]+)/"', page)


def test_students_and_teachers_are_listed_separately_by_name(
    client_for, student, classmate, teacher, pending_teacher, admin
):
    client = client_for(student)

    assert listed_usernames(html_of(client.get("/students/"))) == ["kim", "sam"]
    assert listed_usernames(html_of(client.get("/teachers/"))) == ["mr.new", "ms.hale"]
    assert "teacher (awaiting approval)" in html_of(client.get("/teachers/"))


def test_inactive_users_are_not_listed(client_for, student, admin, deactivated):
    StudentFactory(username="former", is_active=False, closed_at=timezone.now())

    assert listed_usernames(html_of(client_for(student).get("/students/"))) == ["sam"]
    assert "former" not in listed_usernames(html_of(client_for(admin).get("/students/")))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kim", ["kim"]),
        ("KIM", ["kim"]),
        ("lun", ["kim"]),
        ("kim lund", ["kim"]),
        ("lund kim", ["kim"]),
        ("kim okafor", []),
        ("  sam  ", ["sam"]),
        ("møller", ["m-ller"]),
        ("MØLLER", ["m-ller"]),
        ("美", ["mei"]),
        ("%", []),
        ("_", []),
        ("'; drop table", []),
        ("kim\x00", ["kim"]),
        ("", ["kim", "m-ller", "mei", "sam"]),
    ],
)
def test_search_matches_usernames_and_names(client_for, student, classmate, query, names):
    StudentFactory(username="m-ller", last_name="Møller")
    StudentFactory(username="mei", first_name="美玲")

    response = client_for(student).get("/students/", {"q": query})

    assert listed_usernames(html_of(response)) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("9B", ["kim", "sam"]),
        ("class 9b", ["kim"]),
        ("9b maple", ["sam"]),
        ("kim 9b", ["kim"]),
        ("HOUSE ÖRTLI", ["mei"]),
        ("9c", []),
    ],
)
def test_search_matches_locations(client_for, student, classmate, query, names):
    locations = {classmate: "Class 9B", student: "9b, Maple House", StudentFactory(username="mei"): "House Örtli"}
    for user, location in locations.items():
        user.location = location
        user.save()

    assert listed_usernames(html_of(client_for(student).get("/students/", {"q": query}))) == names


def test_search_does_not_match_email_addresses(client_for, student, teacher, classmate):
    for user in (student, teacher):
        assert listed_usernames(html_of(client_for(user).get("/students/", {"q": "school.example"}))) == []


def test_search_text_that_is_too_long_is_an_error(client_for, student):
    page = html_of(client_for(student).get("/students/", {"q": "x" * 61}))

    assert "Use at most 60 characters." in page


def test_directory_is_paginated_and_preserves_the_search(client_for, student, settings):
    settings.PEOPLE_PER_PAGE = 5
    usernames = {student.username} | {user.username for user in StudentFactory.create_batch(11)}
    client = client_for(student)

    pages = [html_of(client.get("/students/", {"page": number})) for number in (1, 2, 3)]
    searched = html_of(client.get("/students/", {"q": "person"}))

    listed = [name for page in pages for name in listed_usernames(page)]
    assert len(listed) == len(usernames) == len(set(listed))
    assert set(listed) == usernames
    assert "12 people" in pages[0]
    assert 'href="?q=person&amp;page=2"' in searched


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 5000, "1.5", "\x00"])
def test_invalid_page_number_shows_a_valid_page(client_for, student, page):
    assert client_for(student).get("/students/", {"page": page}).status_code == 200


def test_search_accepts_a_username_with_at_sign(client_for, student, classmate):
    assert listed_usernames(html_of(client_for(student).get("/students/?q=@kim"))) == ["kim"]


def test_directory_shows_the_members_of_one_room(client_for, student, classmate, outsider, teacher, room):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    hidden = RoomFactory()
    client = client_for(student)

    page = Page(client.get("/students/?room=chemistry"))

    assert listed_usernames(html_of(client.get("/students/?room=chemistry"))) == ["kim", "sam"]
    assert listed_usernames(html_of(client.get("/teachers/?room=chemistry"))) == ["ms.hale"]
    assert listed_usernames(html_of(client.get("/students/?room=chemistry&q=okafor"))) == ["sam"]
    assert [(option.get("value"), page.text(option)) for option in page.by_id("id_room")] == [
        ("", "All rooms"),
        ("chemistry", "Chemistry 9b"),
    ]
    assert "/teachers/?room=chemistry" in page.links()
    assert_same_404(client, "get", f"/students/?room={hidden.slug}", "/students/?room=no-such-room")


def test_administrator_can_choose_any_room(client_for, admin, room):
    page = Page(client_for(admin).get("/students/?room=chemistry"))

    assert [option.get("value") for option in page.by_id("id_room") if option.get("selected") is not None] == [
        "chemistry"
    ]


def test_pages_of_a_room_preserve_it(client_for, student, classmate, room, settings):
    settings.PEOPLE_PER_PAGE = 1

    page = Page(client_for(student).get("/students/?room=chemistry"))

    assert "?room=chemistry&page=2" in page.links()


def test_profile_is_one_tap_away(client_for, student, classmate):
    row = Page(client_for(student).get("/students/")).by_class("person")[0]

    assert (row.tag, row.get("href"), row.get("data-popover")) == ("a", "/users/kim/", None)
