"""Resetting the passwords of pupils whose accounts a class list created."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.audit import fields_of
from accounts.models import User
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page, is_signed_in, sign_in
from posts import actions
from posts.models import Membership
from posts.refusals import CannotResetPassword
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.html_checks import check_page
from posts.tests.support import html_of

URL = "/rooms/chemistry/members/ida/reset-password/"


@pytest.fixture
def pupil(room):
    """A pupil whose account a class list of `room` created, and who has signed in."""
    user = StudentFactory(username="ida", first_name="Ida", email=None, last_login="2026-01-01T08:00:00Z")
    MembershipFactory(user=user, room=room, created_account=True)
    return user


def password_of(response):
    assert response.status_code == 200
    return response.context["card"].password


@pytest.mark.parametrize("owner", ["teacher", "co_teacher", "admin"])
def test_owner_resets_the_password(client_for, request, pupil, owner):
    owner = request.getfixturevalue(owner)
    theirs = client_for(pupil)
    page = client_for(owner).get(URL)
    assert "Reset the password of" in html_of(page)
    assert is_signed_in(theirs)

    response = client_for(owner).post(URL)

    password = password_of(response)
    assert f"Password: {password}" in Page(response).text()
    assert response["Cache-Control"] == "no-store"
    for shown in (page, response):
        check_page(html_of(shown), URL)
    assert not pupil.sessions.exists()
    assert not is_signed_in(theirs)
    pupil.refresh_from_db()
    assert pupil.must_change_password
    client = Client()
    sign_in(client, "ida")
    assert "_auth_user_id" not in client.session
    sign_in(client, "ida", password)
    assert client.get("/home/")["Location"] == "/account/password/?next=/home/"
    (entry,) = LogEntry.objects.filter(user=owner)
    assert (entry.object_id, fields_of(entry)) == (str(pupil.pk), ["password"])


def with_email(pupil, room):
    User.objects.filter(pk=pupil.pk).update(email="ida@school.example")


def as_teacher(pupil, room):
    User.objects.filter(pk=pupil.pk).update(role="teacher")


def deactivated(pupil, room):
    User.objects.filter(pk=pupil.pk).update(is_active=False)


def created_elsewhere(pupil, room):
    Membership.objects.filter(user=pupil, room=room).update(created_account=False)
    MembershipFactory(user=pupil, room=RoomFactory(), created_account=True)


def removed(pupil, room):
    Membership.objects.filter(user=pupil, room=room).update(state="removed")


CHANGES = [with_email, as_teacher, deactivated, created_elsewhere, removed]


@pytest.mark.parametrize("change", CHANGES)
def test_password_of_anyone_else_cannot_be_reset(client_for, teacher, pupil, room, change):
    change(pupil, room)
    client, status = client_for(teacher), 404 if change == removed else 403

    assert [client.get(URL).status_code, client.post(URL).status_code] == [status, status]

    pupil.refresh_from_db()
    assert pupil.check_password(PASSWORD)


@pytest.mark.parametrize("change", CHANGES)
def test_operation_checks_again_under_the_lock(teacher, pupil, room, change):
    membership = Membership.objects.select_related("user").get(user=pupil, room=room)
    change(pupil, room)

    with pytest.raises(CannotResetPassword):
        actions.reset_password(membership, teacher)

    pupil.refresh_from_db()
    assert pupil.check_password(PASSWORD)


@pytest.mark.parametrize("username", ["olu", "nobody", "ms.other"])
def test_people_outside_the_room_look_missing(client_for, teacher, pupil, outsider, username):
    url = f"/rooms/chemistry/members/{username}/reset-password/"

    assert client_for(teacher).post(url).status_code == 404


def test_teacher_of_another_room_cannot_reset(client_for, pupil):
    other = RoomFactory(slug="other")
    MembershipFactory(user=pupil, room=other)

    assert client_for(other.owner).post(URL).status_code == 404
    assert client_for(other.owner).post(URL.replace("chemistry", "other")).status_code == 403


def test_student_who_is_added_by_a_list_gives_no_right_to_reset(client_for, teacher, outsider, room):
    client_for(teacher).post("/rooms/chemistry/members/import/", {"rows": "olu", "confirm": "yes"})
    User.objects.filter(pk=outsider.pk).update(email=None)
    assert Membership.objects.get(user=outsider, room=room).state == "member"

    assert client_for(teacher).post("/rooms/chemistry/members/olu/reset-password/").status_code == 403
