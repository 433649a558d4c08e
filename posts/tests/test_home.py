"""Everybody's home is their own."""

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.support import html_of

HOMES = {
    "student": "/home/student/", "teacher": "/home/teacher/", "pending_teacher": "/home/teacher/",
    "admin": "/home/administrator/",
}  # fmt: skip


@pytest.mark.parametrize(("person", "path"), HOMES.items())
def test_home_goes_to_ones_own(client_for, request, person, path):
    client = client_for(request.getfixturevalue(person))

    assert client.get("/home/")["Location"] == path
    assert client.get("/")["Location"] == "/home/"


@pytest.mark.parametrize("path", sorted(set(HOMES.values())))
@pytest.mark.parametrize("person", HOMES)
def test_home_of_another_role_is_refused(client_for, request, person, path):
    answer = client_for(request.getfixturevalue(person)).get(path)

    assert answer.status_code == (200 if HOMES[person] == path else 403)


def test_visitors_are_sent_to_sign_in(client_for, db):
    assert client_for(None).get("/home/student/")["Location"] == "/login/?next=/home/student/"


@pytest.mark.parametrize("person", HOMES)
def test_home_shows_ones_own_things_and_nobody_elses(client_for, request, person):
    person = request.getfixturevalue(person)
    person.location, person.description = "House of my own", "Something about myself"
    person.save()
    room = RoomFactory(name="My own room")
    MembershipFactory(room=room, user=person)
    NotificationFactory(recipient=person, post__body="Said to me", post__room=room)
    stranger = StudentFactory(location="House of another", description="Something about another")
    theirs = RoomFactory(name="Room of another")
    MembershipFactory(room=theirs, user=stranger)
    NotificationFactory(recipient=stranger, post__body="Said to another", post__room=theirs)

    page = html_of(client_for(person).get(HOMES_OF[person.role]))

    assert f"Hello, {person.first_name or person.username}" in page
    for own in ("House of my own", "Something about myself", "My own room", "Said to me", person.email):
        assert own in page
    for other in ("House of another", "to another", "about another", stranger.email):
        assert other not in page
    assert ("Room of another" in page) == person.is_administrator


HOMES_OF = {"student": "/home/student/", "teacher": "/home/teacher/", "admin": "/home/administrator/"}


def test_home_does_not_follow_a_name_in_the_address(client_for, student, classmate):
    page = html_of(client_for(student).get("/home/student/", {"user": "kim", "username": "kim", "id": classmate.pk}))

    assert "Hello, Sam" in page
    assert "Kim" not in page


def test_administrator_sees_who_waits(client_for, admin, pending_teacher, teacher):
    TeacherFactory(username="was.refused", approved_at=None, is_active=False)

    page = html_of(client_for(admin).get("/home/administrator/"))

    assert "Teachers who wait for approval" in page
    assert pending_teacher.username in page
    for name in ("was.refused", teacher.username):
        assert name not in page


def test_administrator_with_nobody_waiting_sees_no_such_list(client_for, admin, teacher):
    assert "wait for approval" not in html_of(client_for(admin).get("/home/administrator/"))


def test_teacher_sees_who_is_at_the_door_of_their_own_rooms(client_for, teacher, room, outsider):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    MembershipFactory(user=StudentFactory(username="elsewhere"), state=Membership.State.APPLIED)
    MembershipFactory(room=room, user=StudentFactory(username="declined"), state=Membership.State.DECLINED)

    page = html_of(client_for(teacher).get("/home/teacher/"))

    assert "Waiting at the door" in page
    assert "/users/olu/" in page
    for name in ("elsewhere", "declined", "/users/sam/"):
        assert name not in page


def test_teacher_whose_approval_was_revoked_sees_nobody_at_the_door(client_for, teacher, room, outsider):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    teacher.approved_at = None
    teacher.save()

    page = html_of(client_for(teacher).get("/home/teacher/"))

    assert "You are waiting for approval." in page
    assert "/users/olu/" not in page


def test_home_without_anything_says_so(client_for, student):
    Room.objects.update(archived_at=timezone.now())

    page = html_of(client_for(student).get("/home/student/"))

    assert "You are in no room yet." in page
    assert "Nothing yet." in page


def test_common_room_stands_first(client_for, student):
    for name in ("Aardvarks", "Zebras"):
        MembershipFactory(user=student, room=RoomFactory(name=name))

    page = html_of(client_for(student).get("/rooms/"))

    assert page.index("Common room") < page.index("Aardvarks") < page.index("Zebras")
