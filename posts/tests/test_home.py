"""Home pages of each role."""

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Room
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
    room = RoomFactory(name="My own room")
    MembershipFactory(room=room, user=user)
    NotificationFactory(recipient=user, post__body="Post for me", post__room=room)
    other_user = StudentFactory()
    other_room = RoomFactory(name="Room of another")
    MembershipFactory(room=other_room, user=other_user)
    NotificationFactory(recipient=other_user, post__body="Post for another", post__room=other_room)

    page = html_of(client_for(user).get(PATHS_BY_ROLE[user.role]))

    assert f"Hello, {user.first_name or user.username}" in page
    for expected in ("My own room", "Post for me"):
        assert expected in page
    assert user.email not in page
    for hidden in ("Room of another", "Post for another"):
        assert (hidden in page) == user.is_administrator


PATHS_BY_ROLE = {"student": "/home/student/", "teacher": "/home/teacher/", "admin": "/home/administrator/"}


def test_home_ignores_usernames_in_the_query(client_for, student, classmate):
    page = html_of(client_for(student).get("/home/student/", {"user": "kim", "username": "kim", "id": classmate.pk}))

    assert "Hello, Sam" in page
    assert "Kim" not in page


def test_home_shows_five_mentions_and_replies_beside_the_rooms(client_for, teacher, student, room):
    for number in range(6):
        NotificationFactory(recipient=teacher, post__body=f"Mention {number}.", post__room=room)
    for kind in ("accepted", "applied"):
        NotificationFactory(recipient=teacher, post=None, actor=student, room=room, kind=kind)

    page = Page(client_for(teacher).get("/home/teacher/"))

    [section] = [each for each in page.root.iter("section") if each.get("aria-labelledby") == "activity"]
    assert page.text(section).startswith("Mentions and replies")
    assert [f"Mention {number}." in page.text(section) for number in range(6)] == [False, *[True] * 5]
    assert len(page.by_class("item")) == 5
    assert "/notifications/" in page.links()


def test_home_without_rooms_and_notifications_shows_a_hint(client_for, student):
    Room.objects.update(archived_at=timezone.now())

    page = html_of(client_for(student).get("/home/student/"))

    assert "You haven't joined any rooms yet." in page
    assert "No activity yet." in page


def test_teacher_without_rooms_creates_the_first_one_on_the_home_page(client_for, teacher):
    client = client_for(teacher)
    page = Page(client.get("/home/teacher/"))
    form = next(form for form in page.by_id("main").iter("form") if form.get("action") == "/rooms/new/")

    assert "Create your first room" in page.text()
    assert [field.get("name") for field in form.iter("input")] == ["csrfmiddlewaretoken", "name"]
    assert "/rooms/new/" not in page.links()
    assert client.post("/rooms/new/", {"name": "Biology"}).status_code == 302
    page = Page(client.get("/home/teacher/"))
    assert "Create your first room" not in page.text()
    assert "/rooms/new/" in page.links()


def test_co_teacher_does_not_see_the_form_for_the_first_room(client_for, co_teacher):
    assert "Create your first room" not in html_of(client_for(co_teacher).get("/home/teacher/"))


@pytest.mark.parametrize(
    ("user", "expected"), [("student", False), ("pending_teacher", False), ("teacher", True), ("admin", True)]
)
def test_lists_of_rooms_link_to_new_rooms_for_users_who_can_create_them(client_for, request, room, user, expected):
    user = request.getfixturevalue(user)

    for path in (PATHS_BY_ROLE[user.role], "/rooms/"):
        assert ("/rooms/new/" in Page(client_for(user).get(path)).links()) == expected
    assert ("/rooms/archived/" in Page(client_for(user).get(PATHS_BY_ROLE[user.role])).links()) == expected


def test_pending_teacher_reads_what_they_can_do(client_for, pending_teacher, teacher, common_room):
    client = client_for(pending_teacher)
    notified, common = "We'll notify you when you are approved.", "You can already use the common room."

    assert f"{notified} {common}" in Page(client.get("/home/teacher/")).text()
    assert notified not in Page(client_for(teacher).get("/home/teacher/")).text()
    Room.objects.filter(pk=common_room.pk).update(archived_at=timezone.now())
    text = Page(client.get("/home/teacher/")).text()
    assert (notified in text, common in text) == (True, False)


def test_archived_rooms_of_earlier_years_do_not_hide_a_room(client_for, teacher):
    RoomFactory(name="Zoology", owner=teacher)
    for number in range(25):
        RoomFactory(name=f"Biology {number}", owner=teacher, archived_at=timezone.now())

    text = Page(client_for(teacher).get("/home/teacher/")).text()

    assert "Zoology" in text
    assert "Biology" not in text


def test_student_with_only_archived_rooms_finds_the_field_for_a_code(client_for, student):
    MembershipFactory(user=student, room__archived_at=timezone.now())

    assert Page(client_for(student).get("/home/student/")).by_id("id_code") is not None
