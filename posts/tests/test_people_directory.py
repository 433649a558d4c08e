"""Directories of students and teachers, and their search."""

import re

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from posts.tests.support import html_of


def found(page):
    """List the usernames in a directory."""
    return re.findall(r'data-popover="/users/([^/]+)/popover/"', page.partition('<ul class="people">')[2])


def test_students_are_listed_by_name_and_teachers_apart(
    client_for, student, classmate, teacher, pending_teacher, admin
):
    client = client_for(student)

    assert found(html_of(client.get("/students/"))) == ["kim", "sam"]
    assert found(html_of(client.get("/teachers/"))) == ["mr.new", "ms.hale"]
    assert "teacher, waiting" in html_of(client.get("/teachers/"))


def test_who_is_gone_is_not_listed(client_for, student, admin, deactivated):
    StudentFactory(username="former", is_active=False, closed_at=timezone.now())

    assert found(html_of(client_for(student).get("/students/"))) == ["sam"]
    assert "former" not in found(html_of(client_for(admin).get("/students/")))


@pytest.mark.parametrize(
    ("wanted", "names"),
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
def test_search(client_for, student, classmate, wanted, names):
    StudentFactory(username="m-ller", last_name="Møller")
    StudentFactory(username="mei", first_name="美玲")

    answer = client_for(student).get("/students/", {"q": wanted})

    assert found(html_of(answer)) == names


def test_search_never_looks_into_addresses(client_for, student, teacher, classmate):
    for person in (student, teacher):
        assert found(html_of(client_for(person).get("/students/", {"q": "school.example"}))) == []


def test_search_that_is_too_long_says_so(client_for, student):
    page = html_of(client_for(student).get("/students/", {"q": "x" * 61}))

    assert "Ensure this value has at most 60 characters" in page


def test_directory_is_paged_and_keeps_the_search(client_for, student, settings):
    settings.PEOPLE_PER_PAGE = 5
    everybody = {student.username} | {person.username for person in StudentFactory.create_batch(11)}
    client = client_for(student)

    pages = [html_of(client.get("/students/", {"page": number})) for number in (1, 2, 3)]
    searched = html_of(client.get("/students/", {"q": "person"}))

    listed = [name for page in pages for name in found(page)]
    assert len(listed) == len(everybody) == len(set(listed))
    assert set(listed) == everybody
    assert "12 people" in pages[0]
    assert 'href="?q=person&amp;page=2"' in searched


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 5000, "1.5", "\x00"])
def test_page_that_is_none_shows_one_that_is(client_for, student, page):
    assert client_for(student).get("/students/", {"page": page}).status_code == 200


def test_search_finds_a_name_as_it_is_shown(client_for, student, classmate):
    assert found(html_of(client_for(student).get("/students/?q=@kim"))) == ["kim"]
