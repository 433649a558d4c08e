"""The page with archived rooms, on which owners archive many rooms at once."""

import pytest
from django.utils import timezone

from accounts.tests.helpers import Page
from config.tests.bad_input import assert_no_server_error, malformed_values, post_form
from posts.models import Room
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import html_of

PATH = "/rooms/archived/"


@pytest.fixture
def rooms(room, teacher, student):
    """Other rooms of `teacher`: two open ones, and an archived one of which `student` is a member."""
    rooms = [RoomFactory(name=name, slug=name.lower(), owner=teacher) for name in ("Art", "Biology", "Choir")]
    Room.objects.filter(slug="choir").update(archived_at=timezone.now())
    MembershipFactory(room=rooms[2], user=student)
    return rooms


def choices(page):
    """Return the values of the checkboxes."""
    return [field.get("value") for field in page.by_id("main").iter("input") if field.get("type") == "checkbox"]


def open_rooms():
    return set(Room.objects.open().values_list("slug", flat=True)) - {"common"}


def test_owner_archives_rooms_after_a_confirmation(client_for, rooms, teacher):
    client = client_for(teacher)
    assert choices(Page(client.get(PATH))) == ["art", "biology", "chemistry"]

    page = Page(client.post(PATH, {"rooms": ["art", "chemistry"]}))
    assert [page.text(item) for item in page.by_id("main").iter("li")] == ["Art", "Chemistry 9b"]
    assert "Archive 2 rooms" in page.text()
    assert open_rooms() == {"art", "biology", "chemistry"}
    hidden = [(field.get("name"), field.get("value")) for field in page.by_id("main").iter("input")][1:]
    assert hidden == [("rooms", "art"), ("rooms", "chemistry"), ("is_confirmed", "1")]

    response = client.post(PATH, {"rooms": ["art", "chemistry"], "is_confirmed": "1"}, follow=True)
    assert response.redirect_chain == [(PATH, 302)]
    assert "2 rooms archived." in html_of(response)
    assert open_rooms() == {"biology"}
    assert "/rooms/art/settings/" in Page(response).links()


def test_list_shows_archived_rooms_that_the_user_can_see(client_for, rooms, student, outsider, teacher):
    pages = [Page(client_for(user).get(PATH)) for user in (student, outsider, teacher)]

    assert [page.links() for page in pages] == [
        ["/rooms/choir/"],
        [],
        ["/rooms/choir/", "/rooms/choir/settings/"],
    ]
    assert "None of your rooms are archived." in pages[1].text()
    assert [choices(page) for page in pages[:2]] == [[], []]


def test_co_teacher_and_administrator_archive_only_rooms_that_they_own(client_for, rooms, co_teacher, admin):
    RoomFactory(slug="staff", owner=admin)

    found = [choices(Page(client_for(user).get(PATH))) for user in (co_teacher, admin)]

    assert found == [["chemistry"], ["staff"]]


@pytest.mark.parametrize("confirmed", ["", "1"])
@pytest.mark.parametrize("slug", ["chemistry", "common", "choir", "nothing"])
def test_other_rooms_are_refused(client_for, rooms, student, slug, confirmed):
    response = client_for(student).post(PATH, {"rooms": [slug], "is_confirmed": confirmed})

    assert response.status_code == 200
    assert open_rooms() == {"art", "biology", "chemistry"}


def test_selection_is_required(client_for, rooms, teacher):
    page = Page(client_for(teacher).post(PATH, {"is_confirmed": "1"}))

    assert page.error_summary()[0].endswith("Rooms: Choose at least one room.")


def test_any_text_is_accepted(client_for, rooms, teacher):
    for field in ("rooms", "is_confirmed"):
        for value in malformed_values():
            data = {"rooms": "art", field: value}
            assert_no_server_error(post_form(client_for(teacher), PATH, data), 200, 302, 400)


@pytest.mark.parametrize("path", ["/rooms/", "/home/teacher/"])
def test_pages_link_to_the_archive(client_for, teacher, path):
    assert PATH in Page(client_for(teacher).get(path)).links()
