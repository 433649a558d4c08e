"""Leaving rooms, and cancelling join requests."""

import pytest

from accounts.actions import close_account
from accounts.models import User
from accounts.tests.helpers import Page
from config.tests.bad_input import post_form
from posts import access
from posts.actions import accept_request, demote_member, join_room
from posts.models import Membership, Notification, Room
from posts.refusals import CommonRoom
from posts.tests.support import html_of
from posts.tests.visibility import assert_same_404

LEAVE = "/rooms/chemistry/leave/"
State = Membership.State


def state_of(user):
    return Membership.objects.get(user=user, room__slug="chemistry").state


def cancel_form(client, path):
    """Return the button and the fields of the form that cancels the request."""
    form = next(form for form in Page(client.get(path)).root.iter("form") if form.get("action") == LEAVE)
    return form.find("button"), {field.get("name"): field.get("value") for field in form.iter("input")}


def owner():
    return Room.objects.get(slug="chemistry").owner


def test_member_confirms_and_leaves(client_for, room, student):
    client = client_for(student)
    page = Page(client.get(LEAVE))
    assert state_of(student) == State.MEMBER

    response = client.post(LEAVE, follow=True)

    assert "Leave this room?" in page.text()
    assert "To return, you need its join code, or a teacher has to add you." in page.text()
    assert "/rooms/chemistry/" in page.links()
    assert response.redirect_chain == [("/rooms/", 302)]
    assert "You have left Chemistry 9b." in html_of(response)
    assert state_of(student) == State.LEFT
    assert client.get("/rooms/chemistry/").status_code == 404


@pytest.mark.parametrize("path", ["/rooms/", "/home/student/"])
def test_own_request_is_listed_and_cancelled(client_for, room, outsider, path):
    join_room(outsider, room.join_code)
    client = client_for(outsider)
    page = Page(client.get(path))
    button, fields = cancel_form(client, path)

    response = client.post(LEAVE, fields, follow=True)

    assert "Chemistry 9b · Waiting for Ada Hale" in page.text()
    assert button.get("aria-label") == "Cancel request: Chemistry 9b"
    assert "Request cancelled." in html_of(response)
    assert state_of(outsider) == State.LEFT
    assert "Waiting for" not in html_of(client.get(path))
    assert not Notification.objects.filter(kind="applied").exists()


def test_page_for_a_request_asks_before_cancelling(client_for, room, outsider):
    join_room(outsider, room.join_code)

    page = Page(client_for(outsider).get(LEAVE))

    assert "Cancel this request?" in page.text()
    assert state_of(outsider) == State.APPLIED


def test_cancelled_request_that_has_been_accepted_leaves_a_member_in_the_room(client_for, room, outsider, teacher):
    request = join_room(outsider, room.join_code)
    client = client_for(outsider)
    forms = [cancel_form(client, path) for path in (LEAVE, "/rooms/", f"/rooms/join/{room.join_code}/")]
    accept_request(request, teacher)

    for _button, fields in forms:
        response = client.post(LEAVE, fields, follow=True)

        assert "Your request to join Chemistry 9b is no longer open." in html_of(response)
        assert state_of(outsider) == State.MEMBER


@pytest.mark.parametrize("state", [None, "declined", "removed", "left"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_room_without_the_user_looks_like_a_missing_room(client_for, room, outsider, method, state):
    if state:
        Membership.objects.create(user=outsider, room=room, state=state)

    assert_same_404(client_for(outsider), method, LEAVE, "/rooms/missing/leave/")


def test_administrator_without_a_membership_cannot_leave(client_for, room, admin):
    assert client_for(admin).get(LEAVE).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_common_room_cannot_be_left(client_for, student, common_room, method):
    response = getattr(client_for(student), method)("/rooms/common/leave/")

    assert response.status_code == 403
    assert str(CommonRoom()) in Page(response).text()


@pytest.mark.parametrize("method", ["get", "post"])
def test_archived_common_room_looks_like_a_missing_room(client_for, student, common_room, method):
    Room.objects.update(archived_at=student.date_joined)

    assert_same_404(client_for(student), method, "/rooms/common/leave/", "/rooms/missing/leave/")


def test_owner_leaves_with_a_successor(client_for, teacher, co_teacher):
    client = client_for(teacher)
    page = Page(client.get(LEAVE))
    choices = [option.get("value") for option in page.by_id("id_successor").iter("option")]

    response = client.post(LEAVE, {"successor": "mr.cole"}, follow=True)

    assert choices == ["", "mr.cole"]
    assert "You have left Chemistry 9b." in html_of(response)
    assert owner() == User.objects.get(pk=co_teacher.pk)
    assert state_of(teacher) == State.LEFT


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("successor", ["", "sam", "ms.hale", "x" * 5000, "9" * 5000, "\0", "\ud800", "<b>"])
def test_owner_has_to_choose_a_co_teacher(client_for, teacher, co_teacher, successor):
    response = post_form(client_for(teacher), LEAVE, {"successor": successor.encode("utf-8", "surrogatepass")})

    assert response.status_code == 200
    assert Page(response).field_error("successor") in ("Choose a co-teacher.", "Choose one of the co-teachers.")
    assert owner() == User.objects.get(pk=teacher.pk)
    assert state_of(teacher) == State.MEMBER


@pytest.mark.parametrize("method", ["get", "post"])
def test_owner_without_co_teachers_is_told_what_to_do(client_for, room, teacher, method):
    response = getattr(client_for(teacher), method)(LEAVE)

    page = Page(response)
    assert response.status_code == 200
    assert "You own this room, and it has no co-teachers." in page.text()
    assert not list(page.by_id("main").iter("button"))
    assert state_of(teacher) == State.MEMBER


def test_co_teacher_whose_approval_was_revoked_is_no_successor(client_for, teacher, co_teacher):
    User.objects.filter(pk=co_teacher.pk).update(approved_at=None)

    assert "You own this room, and it has no co-teachers." in html_of(client_for(teacher).get(LEAVE))


def test_co_teacher_leaves_without_a_successor(client_for, room, teacher, co_teacher):
    client_for(co_teacher).post(LEAVE)

    assert not access.owners(room).filter(pk=co_teacher.pk).exists()
    assert owner() == User.objects.get(pk=teacher.pk)


def test_co_teachers_manage_the_room_of_a_closed_account(room, teacher, co_teacher, outsider):
    close_account(User.objects.get(pk=teacher.pk), User.objects.get(pk=teacher.pk))
    room.refresh_from_db()
    membership = join_room(outsider, room.join_code)

    assert room.owner is None
    assert [owner.username for owner in access.owners(room)] == ["mr.cole"]
    assert Notification.objects.get(kind="applied").recipient_id == co_teacher.pk
    assert access.for_user(co_teacher).can_manage(room.pk)
    assert demote_member(Membership.objects.get(user=co_teacher, room=room), co_teacher)
    assert membership.state == State.APPLIED
