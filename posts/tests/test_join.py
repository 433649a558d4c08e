"""Joining rooms with a join code."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posts import access
from posts.actions import accept_request, cancel_request, decline_request, join_room, leave_room, remove_member
from posts.models import Membership, Notification, Room
from posts.refusals import DeclinedRecently, InvalidJoinCode

State = Membership.State


def set_room(room, **values):
    Room.objects.filter(pk=room.pk).update(**values)
    room.refresh_from_db()


def uses(room):
    return Room.objects.get(pk=room.pk).code_uses


@pytest.mark.parametrize(("joining", "state"), [("request", State.APPLIED), ("code", State.MEMBER)])
def test_joining_decides_whether_a_code_joins_or_asks(room, outsider, joining, state):
    set_room(room, joining=joining)

    assert join_room(outsider, room.join_code).state == state
    assert (uses(room), access.for_user(outsider).can_see(room.pk)) == (1, state == State.MEMBER)


@pytest.mark.parametrize("typed", ["ABCD-EFGH", " abcd efgh ", "a-b-c-d-e-f-g-h", "abcd\u2013efgh", "abcd\u00a0efgh"])
def test_code_ignores_case_spaces_and_dashes(room, outsider, typed):
    set_room(room, join_code="ABCDEFGH")

    assert (room.display_code, join_room(outsider, typed).state) == ("ABCD-EFGH", State.APPLIED)


UNUSABLE = {
    "closed": {"joining": "closed"},
    "archived": {"archived_at": timezone.now()},
    "expired": {"code_expires_at": timezone.now()},
    "used up": {"code_max_uses": 3, "code_uses": 3},
    "rotated": {"join_code": "OTHERONE"},
}


@pytest.mark.parametrize("values", UNUSABLE.values(), ids=UNUSABLE)
def test_code_that_cannot_be_used_is_invalid(room, outsider, values):
    code = room.join_code
    set_room(room, **values)

    with pytest.raises(InvalidJoinCode):
        join_room(outsider, code)

    assert not Membership.objects.filter(user=outsider, room=room).exists()


def test_common_room_has_no_code(common_room, outsider):
    Membership.objects.filter(user=outsider).delete()

    with pytest.raises(InvalidJoinCode):
        join_room(outsider, common_room.join_code)


def test_request_notifies_each_owner_once_and_a_decision_marks_it_as_read(room, teacher, co_teacher, outsider):
    for _attempt in range(2):
        membership = join_room(outsider, room.join_code)
    asked = Notification.objects.filter(kind="applied", room=room)
    assert sorted(asked.values_list("recipient__username", flat=True)) == ["mr.cole", "ms.hale"]

    assert accept_request(membership, co_teacher)
    assert not decline_request(membership, teacher)

    assert not asked.unread().exists()
    assert [notification.kind for notification in outsider.notifications.all()] == ["accepted"]


def test_member_uses_no_code(room, student):
    assert join_room(student, room.join_code).state == State.MEMBER
    assert uses(room) == 0


def test_removed_user_can_only_ask(room, student, teacher):
    set_room(room, joining="code")
    remove_member(Membership.objects.get(user=student, room=room), teacher)

    assert join_room(student, room.join_code).state == State.APPLIED


@pytest.mark.parametrize("then", ["cancels", "is declined"])
def test_removed_user_cannot_join_after_another_request(room, student, teacher, then):
    set_room(room, joining="code")
    remove_member(Membership.objects.get(user=student, room=room), teacher)
    membership = join_room(student, room.join_code)
    if then == "cancels":
        cancel_request(student, room)
    else:
        decline_request(membership, teacher)
        Membership.objects.update(state_changed_at=timezone.now() - timedelta(hours=24))

    membership = join_room(student, room.join_code)
    assert membership.state == State.APPLIED

    accept_request(membership, teacher)
    leave_room(student, room)
    assert join_room(student, room.join_code).state == State.MEMBER


def test_user_who_left_can_join_again(room, student):
    set_room(room, joining="code")
    leave_room(student, room)

    assert join_room(student, room.join_code).state == State.MEMBER


@pytest.mark.parametrize(("joining", "undo"), [("request", cancel_request), ("code", leave_room)])
def test_user_cannot_use_up_a_code_or_fill_the_notifications_of_owners(room, teacher, outsider, joining, undo):
    set_room(room, joining=joining)

    for _time in range(3):
        join_room(outsider, room.join_code)
        undo(outsider, room)
    join_room(outsider, room.join_code)

    assert uses(room) == 1
    assert teacher.notifications.filter(kind="applied").count() == (1 if joining == "request" else 0)


def test_declined_user_can_ask_again_after_a_day(room, outsider, teacher):
    decline_request(join_room(outsider, room.join_code), teacher)

    with pytest.raises(DeclinedRecently) as refusal:
        join_room(outsider, room.join_code)
    assert "24 hours" in str(refusal.value)

    yesterday = timezone.now() - timedelta(hours=24)
    Membership.objects.filter(user=outsider, room=room).update(state_changed_at=yesterday)
    assert join_room(outsider, room.join_code).state == State.APPLIED


def test_cancelled_request_is_gone(room, outsider, teacher):
    membership = join_room(outsider, room.join_code)

    assert cancel_request(outsider, room)

    membership.refresh_from_db()
    assert membership.state == State.LEFT
    assert not accept_request(membership, teacher)
    assert not Notification.objects.filter(kind="applied").exists()
