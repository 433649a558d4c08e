"""Adding, removing, promoting and demoting members."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.audit import reason_of
from accounts.models import User
from accounts.tests.factories import TeacherFactory
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH, message_of, state_of
from posts.tests.support import html_of

State = Membership.State


def test_removal_is_confirmed_and_records_the_reason(client_for, room, student, teacher):
    client = client_for(teacher)
    assert "Sam Okafor" in html_of(client.get(f"{PATH}sam/remove/"))
    assert state_of(student, room) == State.MEMBER

    response = client.post(f"{PATH}sam/remove/", {"reason": "changed class", "next": f"{PATH}?page=2"})

    assert (response["Location"], message_of(response)) == (
        f"{PATH}?page=2",
        "Sam Okafor has been removed from Chemistry 9b.",
    )
    assert state_of(student, room) == State.REMOVED
    assert reason_of(LogEntry.objects.latest("pk")) == "changed class"


def test_reason_that_is_too_long_is_an_error_and_stays(client_for, room, student, teacher):
    response = client_for(teacher).post(f"{PATH}sam/remove/", {"reason": "x" * 201})

    assert "x" * 201 in html_of(response)
    assert state_of(student, room) == State.MEMBER


@pytest.mark.parametrize("method", ["get", "post"])
def test_user_who_is_no_member_cannot_be_removed(client_for, room, applicant, teacher, method):
    response = getattr(client_for(teacher), method)(f"{PATH}ren/remove/")

    assert (response.status_code, message_of(response)) == (302, "Ren Mori is not a member of Chemistry 9b.")
    assert state_of(applicant, room) == State.APPLIED


@pytest.mark.parametrize("method", ["get", "post"])
def test_owner_of_the_room_cannot_be_removed(client_for, room, teacher, co_teacher, method):
    response = getattr(client_for(co_teacher), method)(f"{PATH}ms.hale/remove/")

    assert response.status_code == 403
    assert "Choose another owner first." in html_of(response)


def test_member_is_promoted_and_demoted(client_for, room, teacher):
    colleague = TeacherFactory(username="mx.ray", first_name="Sky", last_name="Ray")
    membership = MembershipFactory(room=room, user=colleague)
    client = client_for(teacher)
    texts = []
    for action in ("promote", "promote", "demote", "demote"):
        texts.append(message_of(client.post(f"{PATH}mx.ray/{action}/")))
        membership.refresh_from_db()
        assert membership.is_co_teacher == (action == "promote")

    assert texts == [
        "Sky Ray is now a co-teacher of Chemistry 9b.",
        "Sky Ray is already a teacher of Chemistry 9b.",
        "Sky Ray is no longer a co-teacher of Chemistry 9b.",
        "Sky Ray is not a co-teacher of Chemistry 9b.",
    ]


@pytest.mark.parametrize("username", ["sam", "ren", "mr.new"])
def test_only_approved_teachers_can_be_promoted(client_for, room, teacher, pending_teacher, applicant, username):
    MembershipFactory(room=room, user=pending_teacher)

    response = client_for(teacher).post(f"{PATH}{username}/promote/")

    assert response.status_code == 403
    assert "Only approved teachers who are members of the room can be co-teachers." in html_of(response)


def test_owner_adds_a_user_whom_they_can_see(client_for, room, outsider, teacher):
    room.joining = "closed"
    room.save()
    client = client_for(teacher)

    responses = [client.post(f"{PATH}OLU/add/") for _attempt in range(2)]

    assert [message_of(response) for response in responses] == [
        "olu is now a member of Chemistry 9b.",
        "olu is already a member of Chemistry 9b.",
    ]
    assert state_of(outsider, room) == State.MEMBER
    assert outsider.notifications.get().kind == "accepted"


def test_hidden_user_cannot_be_added(client_for, room, outsider, teacher, remove_from_common_room):
    remove_from_common_room(teacher)

    hidden, missing = [client_for(teacher).post(f"{PATH}{name}/add/") for name in ("olu", "nobody")]

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert not Membership.objects.filter(room=room, user=outsider).exists()


def test_inactive_user_cannot_be_added(client_for, room, deactivated, admin, teacher):
    assert client_for(teacher).post(f"{PATH}gone/add/").status_code == 404
    assert client_for(admin).post(f"{PATH}gone/add/").status_code == 403
    assert not Membership.objects.filter(room=room, user=deactivated).exists()


def test_administrator_removes_from_the_common_room_but_does_not_promote(client_for, common_room, admin, student):
    TeacherFactory(username="mx.ray")
    client = client_for(admin)
    assert "Make co-teacher" not in html_of(client.get("/rooms/common/members/"))

    assert client.post("/rooms/common/members/mx.ray/promote/").status_code == 403
    client.post("/rooms/common/members/sam/remove/")

    assert state_of(student, common_room) == State.REMOVED


ACTIONS = ["accept", "decline", "remove", "promote", "demote"]


@pytest.mark.parametrize("action", ACTIONS)
def test_user_without_a_membership_looks_like_a_missing_user(client_for, room, outsider, teacher, action):
    responses = [client_for(teacher).post(f"{PATH}{name}/{action}/") for name in ("olu", "nobody")]

    assert [response.status_code for response in responses] == [404, 404]


@pytest.mark.parametrize("action", ["mute", "x"])
def test_unknown_action_returns_404(client_for, room, teacher, action):
    assert client_for(teacher).post(f"{PATH}sam/{action}/").status_code == 404


@pytest.mark.parametrize("action", [*ACTIONS, "add"])
def test_demoted_co_teacher_loses_the_actions_at_the_next_request(client_for, room, co_teacher, action):
    client = client_for(co_teacher)
    Membership.objects.filter(user=co_teacher).update(is_co_teacher=False)

    assert client.post(f"{PATH}sam/{action}/").status_code == 403
    assert client.post(f"{PATH}accept/").status_code == 403
    assert User.objects.filter(memberships__room=room, memberships__state=State.MEMBER).count() == 4


@pytest.mark.parametrize("action", ["demote", "remove"])
def test_former_co_teacher_does_not_see_who_asked_to_join(client_for, room, teacher, co_teacher, applicant, action):
    for owner in (co_teacher, teacher):
        Notification.objects.create(recipient=owner, actor=applicant, kind="applied", room=room)

    client_for(teacher).post(f"{PATH}mr.cole/{action}/", {"reason": ""})
    client_for(teacher).post(f"{PATH}mr.cole/add/")

    assert "Ren Mori" not in html_of(client_for(co_teacher).get("/notifications/"))
    assert "Ren Mori" in html_of(client_for(teacher).get("/notifications/"))
