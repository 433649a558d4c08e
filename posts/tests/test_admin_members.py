"""Memberships in the admin."""

import pytest
from django.contrib.admin.models import ADDITION

from accounts.audit import fields_of, reason_of
from accounts.tests.admin import change_url, entries, run_action
from posts import actions
from posts.models import Membership, Notification
from posts.tests.admin import MEMBERSHIPS
from posts.tests.factories import MembershipFactory, RoomFactory


@pytest.fixture
def room(teacher):
    """A room of the teacher without other members."""
    return RoomFactory(name="Maths 7b", slug="maths-7b", owner=teacher)


def test_added_member_is_notified(admin_client, admin, room, student):
    admin_client.post(
        MEMBERSHIPS + "add/", {"user": student.pk, "room": room.pk, "notify": "mentions", "state": "removed"}
    )

    membership = Membership.objects.get(user=student, room=room)
    assert membership.state == Membership.State.MEMBER
    told = Notification.objects.get(recipient=student)
    assert (told.kind, told.room, told.post, told.actor) == ("accepted", room, None, admin)
    entry = entries(membership).get()
    assert (entry.user, entry.action_flag) == (admin, ADDITION)


def test_second_membership_is_a_form_error(admin_client, room, student):
    MembershipFactory(room=room, user=student)

    response = admin_client.post(MEMBERSHIPS + "add/", {"user": student.pk, "room": room.pk, "notify": "mentions"})

    assert response.status_code == 200
    assert Membership.objects.filter(user=student, room=room).count() == 1


@pytest.mark.parametrize("sent", [{}, {"user": "abc", "room": "9" * 30}, {"user": "\0", "room": "", "notify": "all"}])
def test_invalid_membership_is_a_form_error(admin_client, sent):
    response = admin_client.post(MEMBERSHIPS + "add/", sent)

    assert response.status_code == 200
    assert {"user", "room", "notify"} <= {*response.context["adminform"].form.errors}


def test_change_form_ignores_user_and_state(admin_client, admin, room, student, classmate):
    membership = MembershipFactory(room=room, user=student, state=Membership.State.APPLIED)

    admin_client.post(change_url(membership), {"user": classmate.pk, "state": "member", "notify": "nothing"})

    membership.refresh_from_db()
    assert (membership.user_id, membership.state, membership.notify) == (student.pk, "applied", "nothing")
    assert fields_of(entries(membership).get()) == ["notify"]


@pytest.mark.parametrize("state", ["applied", "declined", "removed"])
def test_accept_notifies_user_and_writes_one_log_entry(admin_client, admin, room, student, state):
    membership = MembershipFactory(room=room, user=student, state=state)

    run_action(admin_client, "accept", membership)
    run_action(admin_client, "accept", membership)

    membership.refresh_from_db()
    assert membership.state == Membership.State.MEMBER
    assert student.notifications.get().kind == "accepted"
    entry = entries(membership).get()
    assert (entry.user, fields_of(entry)) == (admin, ["state"])


@pytest.mark.parametrize(
    ("action", "before", "after", "notified"),
    [("decline", "applied", "declined", ["declined"]), ("remove", "member", "removed", [])],
)
def test_decline_and_remove_record_the_reason(admin_client, admin, room, student, action, before, after, notified):
    membership = MembershipFactory(room=room, user=student, state=before)

    asked = run_action(admin_client, action, membership)
    run_action(admin_client, action, membership, reason="Another class")

    membership.refresh_from_db()
    assert asked.status_code == 200
    assert membership.state == after
    assert [notification.kind for notification in student.notifications.all()] == notified
    entry = entries(membership).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["state"], "Another class")


def test_member_cannot_be_declined(admin_client, room, student):
    membership = MembershipFactory(room=room, user=student)

    run_action(admin_client, "decline", membership, reason="why not")
    declined = actions.decline_request(membership, room.owner)

    membership.refresh_from_db()
    assert not declined
    assert membership.state == Membership.State.MEMBER


def test_memberships_cannot_be_deleted(admin_client, room):
    membership = MembershipFactory(room=room, state=Membership.State.REMOVED)
    selected = {"action": "delete_selected", "_selected_action": [membership.pk], "post": "yes"}

    admin_client.post(MEMBERSHIPS, selected)
    response = admin_client.post(f"{MEMBERSHIPS}{membership.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Membership.objects.filter(pk=membership.pk).exists()


@pytest.mark.parametrize(
    ("state", "offered"), [("applied", {"accept", "decline"}), ("member", {"remove"}), ("removed", {"accept"})]
)
def test_membership_page_has_buttons_for_applicable_actions(admin_client, room, state, offered):
    verbs = admin_client.get(change_url(MembershipFactory(room=room, state=state))).context["buttons"]

    assert {name for name, _text in verbs} == offered


def test_owner_cannot_be_removed(admin_client, room, teacher, student):
    owner = Membership.objects.get(room=room, user=teacher)
    member = MembershipFactory(room=room, user=student)

    asked = run_action(admin_client, "remove", owner, member)
    run_action(admin_client, "remove", owner, reason="Left the school")

    assert (list(asked.context["listed"]), asked.context["excluded"]) == ([member], 1)
    assert admin_client.get(change_url(owner)).context["buttons"] == []
    owner.refresh_from_db()
    assert owner.state == Membership.State.MEMBER


def test_member_of_room_without_owner_can_be_removed(admin_client, common_room, student):
    member = Membership.objects.get(room=common_room, user=student)

    run_action(admin_client, "remove", member, reason="Unkind")

    member.refresh_from_db()
    assert member.state == Membership.State.REMOVED
