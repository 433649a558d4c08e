"""Operations on the members of a room."""

import pytest
from django.http import Http404

from accounts.models import User
from accounts.tests.factories import StudentFactory, TeacherFactory
from posts import access
from posts.actions import (
    accept_request,
    accept_requests,
    add_member,
    change_owner,
    demote_member,
    join_room,
    leave_room,
    promote_member,
    remove_member,
)
from posts.models import Membership, Notification, Room
from posts.refusals import CannotBeCoTeacher, CommonRoom, IsOwner, NeedsSuccessor, NotManager
from posts.tests.factories import MembershipFactory

State = Membership.State


def membership_of(user, room):
    return Membership.objects.get(user=user, room=room)


def test_co_teacher_manages_the_room(room, co_teacher, student):
    assert access.for_user(co_teacher).can_manage(room.pk)
    assert remove_member(membership_of(student, room), co_teacher)


@pytest.mark.parametrize("approved_at", [None])
def test_revoked_approval_ends_the_rights_of_a_co_teacher(room, co_teacher, student, approved_at):
    User.objects.filter(pk=co_teacher.pk).update(approved_at=approved_at)
    co_teacher = User.objects.get(pk=co_teacher.pk)

    assert not access.for_user(co_teacher).can_manage(room.pk)
    assert co_teacher not in access.owners(room)
    with pytest.raises(NotManager):
        remove_member(membership_of(student, room), co_teacher)


def test_member_and_outsider_cannot_manage(room, student, outsider, classmate):
    with pytest.raises(NotManager):
        remove_member(membership_of(classmate, room), student)
    with pytest.raises(Http404):
        remove_member(membership_of(classmate, room), outsider)


def test_only_teachers_who_are_members_can_be_promoted(room, teacher, student, pending_teacher, co_teacher):
    MembershipFactory(room=room, user=pending_teacher)
    left = MembershipFactory(room=room, user__role="teacher", state=State.LEFT)
    for membership in (membership_of(student, room), membership_of(pending_teacher, room), left):
        with pytest.raises(CannotBeCoTeacher):
            promote_member(membership, teacher)
    assert not promote_member(membership_of(co_teacher, room), teacher)


def test_demoted_co_teacher_stays_a_member(room, teacher, co_teacher):
    assert demote_member(membership_of(co_teacher, room), teacher)

    assert access.for_user(co_teacher).can_see(room.pk)
    assert not access.for_user(co_teacher).can_manage(room.pk)


def test_removed_co_teacher_returns_as_a_member(room, teacher, co_teacher):
    membership = membership_of(co_teacher, room)
    remove_member(membership, teacher)

    assert add_member(membership, teacher)

    assert not membership_of(co_teacher, room).is_co_teacher


def test_owner_cannot_be_removed_by_a_co_teacher(room, teacher, co_teacher):
    with pytest.raises(IsOwner):
        remove_member(membership_of(teacher, room), co_teacher)


def test_accept_requests_accepts_each_active_user(room, teacher, classmate, outsider, deactivated):
    join_room(outsider, room.join_code)
    MembershipFactory(room=room, user=deactivated, state=State.APPLIED)

    assert (accept_requests(room, teacher), accept_requests(room, teacher)) == (1, 0)

    assert membership_of(outsider, room).state == State.MEMBER
    assert membership_of(deactivated, room).state == State.APPLIED
    assert not Notification.objects.filter(kind="applied").unread().exists()
    assert outsider.notifications.get().kind == "accepted"


def test_request_is_only_accepted_once(room, teacher, outsider):
    membership = join_room(outsider, room.join_code)

    assert (accept_request(membership, teacher), accept_request(membership, teacher)) == (True, False)


def test_decision_marks_the_notifications_of_former_owners_as_read(room, teacher, co_teacher, outsider):
    membership = join_room(outsider, room.join_code)
    User.objects.filter(pk=co_teacher.pk).update(approved_at=None)

    accept_request(membership, teacher)

    assert Notification.objects.get(recipient=co_teacher, kind="applied").read_at


def test_owner_leaves_with_a_successor(room, teacher, co_teacher, student):
    for successor in (None, student):
        with pytest.raises(NeedsSuccessor):
            leave_room(teacher, room, successor)

    leave_room(teacher, room, co_teacher)

    assert Room.objects.get(pk=room.pk).owner_id == co_teacher.pk
    assert not access.for_user(teacher).can_see(room.pk)
    assert access.for_user(co_teacher).can_manage(room.pk)


def test_nobody_leaves_a_room_without_a_membership_or_the_common_room(room, outsider, student, common_room):
    MembershipFactory(user=outsider, room=room, state="applied")
    for user in (outsider, StudentFactory()):
        with pytest.raises(Http404):
            leave_room(user, room)
    with pytest.raises(CommonRoom):
        leave_room(student, common_room)


def test_change_of_owner_sets_both_memberships(room, teacher, admin, outsider):
    new = TeacherFactory()
    MembershipFactory(room=room, user=new, state=State.REMOVED, must_ask=True)
    join_room(outsider, room.join_code)

    change_owner(room, new, admin)

    assert [(membership_of(user, room).state, membership_of(user, room).must_ask) for user in (new, teacher)] == [
        (State.MEMBER, False),
        (State.REMOVED, True),
    ]
    assert not teacher.notifications.filter(kind="applied").exists()
