"""Home pages of each role."""

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.support import html_of

HOME_PAGES = {
    "student": "/home/student/",
    "teacher": "/home/teacher/",
    "pending_teacher": "/home/teacher/",
    "admin": "/home/administrator/",
}


@pytest.mark.parametrize(("user", "path"), HOME_PAGES.items())
def test_home_redirects_to_the_page_of_the_role(client_for, request, user, path):
    client = client_for(request.getfixturevalue(user))

    assert client.get("/home/")["Location"] == path
    assert client.get("/")["Location"] == "/home/"


@pytest.mark.parametrize("path", sorted(set(HOME_PAGES.values())))
@pytest.mark.parametrize("user", HOME_PAGES)
def test_home_page_of_another_role_returns_403(client_for, request, user, path):
    response = client_for(request.getfixturevalue(user)).get(path)

    assert response.status_code == (200 if HOME_PAGES[user] == path else 403)


def test_visitors_are_redirected_to_sign_in(client_for, db):
    assert client_for(None).get("/home/student/")["Location"] == "/login/?next=/home/student/"


@pytest.mark.parametrize("user", HOME_PAGES)
def test_home_shows_data_of_the_current_user_only(client_for, request, user):
    user = request.getfixturevalue(user)
    user.location, user.description = "My house", "Text about me"
    user.save()
    room = RoomFactory(name="My own room")
    MembershipFactory(room=room, user=user)
    NotificationFactory(recipient=user, post__body="Post for me", post__room=room)
    other_user = StudentFactory(location="House of another", description="Something about another")
    other_room = RoomFactory(name="Room of another")
    MembershipFactory(room=other_room, user=other_user)
    NotificationFactory(recipient=other_user, post__body="Post for another", post__room=other_room)

    page = html_of(client_for(user).get(PATHS_BY_ROLE[user.role]))

    assert f"Hello, {user.first_name or user.username}" in page
    for expected in ("My house", "Text about me", "My own room", "Post for me", user.email):
        assert expected in page
    for hidden in ("House of another", "Post for another", "about another", other_user.email):
        assert hidden not in page
    assert ("Room of another" in page) == user.is_administrator


PATHS_BY_ROLE = {"student": "/home/student/", "teacher": "/home/teacher/", "admin": "/home/administrator/"}


def test_home_ignores_usernames_in_the_query(client_for, student, classmate):
    page = html_of(client_for(student).get("/home/student/", {"user": "kim", "username": "kim", "id": classmate.pk}))

    assert "Hello, Sam" in page
    assert "Kim" not in page


def test_administrator_sees_pending_teachers(client_for, admin, pending_teacher, teacher):
    TeacherFactory(username="was.refused", approved_at=None, is_active=False)

    page = html_of(client_for(admin).get("/home/administrator/"))

    assert "Teachers awaiting approval" in page
    assert pending_teacher.username in page
    for name in ("was.refused", teacher.username):
        assert name not in page


def test_list_of_pending_teachers_is_hidden_if_empty(client_for, admin, teacher):
    assert "wait for approval" not in html_of(client_for(admin).get("/home/administrator/"))


def test_teacher_sees_join_requests_of_own_rooms(client_for, teacher, room, outsider):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    MembershipFactory(user=StudentFactory(username="elsewhere"), state=Membership.State.APPLIED)
    MembershipFactory(room=room, user=StudentFactory(username="declined"), state=Membership.State.DECLINED)

    page = html_of(client_for(teacher).get("/home/teacher/"))

    assert "Join requests" in page
    assert "/users/olu/" in page
    for name in ("elsewhere", "declined", "/users/sam/"):
        assert name not in page


def test_teacher_with_revoked_approval_sees_no_join_requests(client_for, teacher, room, outsider):
    MembershipFactory(room=room, user=outsider, state=Membership.State.APPLIED)
    teacher.approved_at = None
    teacher.save()

    page = html_of(client_for(teacher).get("/home/teacher/"))

    assert "Your account is awaiting approval." in page
    assert "/users/olu/" not in page


def test_home_without_rooms_and_notifications_shows_a_hint(client_for, student):
    Room.objects.update(archived_at=timezone.now())

    page = html_of(client_for(student).get("/home/student/"))

    assert "You haven't joined any rooms yet." in page
    assert "No activity yet." in page


def test_common_room_is_listed_first(client_for, student):
    for name in ("Aardvarks", "Zebras"):
        MembershipFactory(user=student, room=RoomFactory(name=name))

    page = html_of(client_for(student).get("/rooms/"))

    assert page.index("Common room") < page.index("Aardvarks") < page.index("Zebras")
