"""Concurrent operations on members: one result, and no deadlocks."""

import pytest

from accounts import actions as account_actions
from accounts.models import User
from accounts.tests.factories import StudentFactory, TeacherFactory
from posts import access, actions
from posts.models import Membership, Notification
from posts.refusals import CannotBeCoTeacher, NotManager
from posts.tests.factories import MembershipFactory
from posts.tests.support import run_concurrently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.guarantee("deadlocks")]

State = Membership.State
ROUNDS = 10


def unexpected(outcomes, *allowed):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, allowed)]


def ask(room):
    return actions.join_room(StudentFactory(), room.join_code)


def run_both(first, second):
    return run_concurrently(2, lambda index: (first, second)[index]())


def test_one_of_two_owners_decides(room, teacher, co_teacher):
    for _round in range(ROUNDS):
        request = ask(room)

        accepted, declined = run_both(
            lambda request=request: actions.accept_request(request, teacher),
            lambda request=request: actions.decline_request(request, co_teacher),
        )

        assert {accepted, declined} == {True, False}
        request.refresh_from_db()
        assert request.state == (State.MEMBER if accepted else State.DECLINED)
        assert [each.kind for each in request.user.notifications.all()] == ["accepted" if accepted else "declined"]
        assert not Notification.objects.filter(kind="applied").unread().exists()


def test_two_owners_accept_all(room, teacher, co_teacher):
    for _round in range(ROUNDS):
        requests = [ask(room) for _number in range(5)]

        outcomes = run_both(
            lambda: actions.accept_requests(room, teacher), lambda: actions.accept_requests(room, co_teacher)
        )

        assert sorted(outcomes) == [0, 5]
        users = [request.user_id for request in requests]
        assert Notification.objects.filter(recipient__in=users, kind="accepted").count() == 5


def test_request_is_accepted_or_cancelled(room, teacher):
    for _round in range(ROUNDS):
        request = ask(room)

        accepted, cancelled = run_both(
            lambda request=request: actions.accept_request(request, teacher),
            lambda request=request: actions.cancel_request(request.user, room),
        )

        assert (accepted, cancelled) in [(True, False), (False, True)]
        request.refresh_from_db()
        assert request.state == (State.MEMBER if accepted else State.LEFT)


def test_owner_who_is_removed_decides_before_or_not_at_all(room, teacher, co_teacher):
    membership = Membership.objects.get(room=room, user=co_teacher)
    for _round in range(ROUNDS):
        Membership.objects.filter(pk=membership.pk).update(state=State.MEMBER, is_co_teacher=True)
        request = ask(room)

        outcomes = run_both(
            lambda request=request: actions.accept_request(request, co_teacher),
            lambda: actions.remove_member(membership, teacher),
        )

        assert outcomes[1] is True
        request.refresh_from_db()
        assert (request.state == State.MEMBER) == (outcomes[0] is True)


def test_accepting_and_removing_one_user(room, teacher, co_teacher):
    for _round in range(ROUNDS):
        request = ask(room)

        outcomes = run_both(
            lambda request=request: actions.accept_request(request, teacher),
            lambda request=request: actions.remove_member(request, co_teacher),
        )

        assert outcomes[1] is True
        request.refresh_from_db()
        assert request.state == State.REMOVED


def test_teacher_whose_approval_is_revoked_is_no_owner(room, teacher, admin):
    for _round in range(ROUNDS):
        colleague = TeacherFactory()
        membership = MembershipFactory(room=room, user=colleague)

        outcomes = run_both(
            lambda membership=membership: actions.promote_member(membership, teacher),
            lambda colleague=colleague: account_actions.revoke_approval(User.objects.filter(pk=colleague.pk), admin),
        )

        assert unexpected(outcomes, CannotBeCoTeacher) == []
        assert colleague not in access.owners(room)
        assert not access.for_user(User.objects.get(pk=colleague.pk)).can_manage(room.pk)


def test_two_co_teachers_demote_each_other(room):
    for _round in range(ROUNDS):
        pair = [MembershipFactory(room=room, user=TeacherFactory(), is_co_teacher=True) for _number in range(2)]

        outcomes = run_concurrently(
            2, lambda index, pair=pair: actions.demote_member(pair[1 - index], pair[index].user)
        )

        assert unexpected(outcomes, NotManager) == []
        assert len([outcome for outcome in outcomes if outcome is True]) == 1


def test_user_is_added_once(room, teacher, co_teacher):
    for _round in range(ROUNDS):
        user = StudentFactory()

        outcomes = run_concurrently(
            2,
            lambda index, user=user: actions.add_member(Membership(room=room, user=user), (teacher, co_teacher)[index]),
        )

        assert sorted(outcomes) == [False, True]
        assert user.notifications.filter(kind="accepted").count() == 1
