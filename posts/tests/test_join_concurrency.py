"""Users who join, decide and leave at the same time: one result each."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import OperationalError

from accounts.actions import close_account
from accounts.models import User
from accounts.refusals import AccountInactive
from accounts.tests.factories import StudentFactory, TeacherFactory
from config.tests.threads import in_thread
from config.transactions import writing
from posts import access, actions
from posts.models import Membership, Notification, Room
from posts.refusals import InvalidJoinCode, NeedsSuccessor
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import run_concurrently, wait_until_blocked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.guarantee("joining")]

State = Membership.State
ROUNDS = 8


def run_both(*tasks):
    return run_concurrently(len(tasks), lambda index: tasks[index]())


def errors(outcomes):
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]


def membership_of(user, room):
    return Membership.objects.get(user=user, room=room)


def requests_to(room):
    return Notification.objects.filter(room=room, kind="applied")


def room_with_co_teacher(**values):
    room = RoomFactory(**values)
    return room, MembershipFactory(room=room, user=TeacherFactory(), is_co_teacher=True)


@pytest.mark.parametrize(("joining", "state"), [("request", State.APPLIED), ("code", State.MEMBER)])
def test_user_who_joins_twice_at_once_joins_once(joining, state, record_property):
    for _round in range(ROUNDS):
        room, student = RoomFactory(joining=joining), StudentFactory()

        outcomes = run_concurrently(4, lambda _index, room=room, user=student: actions.join_room(user, room.join_code))

        assert {getattr(outcome, "state", outcome) for outcome in outcomes} == {state}
        assert membership_of(student, room).state == state
        assert Room.objects.get(pk=room.pk).code_uses == 1
        assert requests_to(room).count() == (1 if joining == "request" else 0)
    record_property("figure", "4 joins of a user at once: 1 membership")


def test_last_use_of_a_code_is_for_one_of_two_students(record_property):
    for _round in range(ROUNDS):
        room, students = RoomFactory(code_max_uses=1), StudentFactory.create_batch(2)

        outcomes = run_concurrently(
            2, lambda index, room=room, students=students: actions.join_room(students[index], room.join_code)
        )

        assert errors(outcomes) == [InvalidJoinCode]
        assert Membership.objects.filter(room=room, user__in=students).count() == 1
        assert Room.objects.get(pk=room.pk).code_uses == 1
    record_property("figure", "last use of a code by 2 students: 1 membership")


def test_one_of_two_decisions_takes_effect(record_property):
    for _round in range(ROUNDS):
        room, co_teacher = room_with_co_teacher()
        student = StudentFactory()
        request = actions.join_room(student, room.join_code)

        outcomes = run_both(
            lambda request=request, room=room: actions.accept_request(request, room.owner),
            lambda request=request, actor=co_teacher.user: actions.decline_request(request, actor),
        )

        state = State.MEMBER if outcomes[0] else State.DECLINED
        assert sorted(outcomes) == [False, True]
        assert membership_of(student, room).state == state
        assert [each.kind for each in student.notifications.all()] == ["accepted" if outcomes[0] else "declined"]
        assert not requests_to(room).unread().exists()
    record_property("figure", "accept and decline at once: 1 decision")


def test_decision_and_cancellation_at_once_leave_one_state():
    for _round in range(ROUNDS):
        room, student = RoomFactory(), StudentFactory()
        request = actions.join_room(student, room.join_code)

        outcomes = run_both(
            lambda request=request, room=room: actions.accept_request(request, room.owner),
            lambda user=student, room=room: actions.cancel_request(user, room),
        )

        # A cancellation never makes a new member leave.
        assert sorted(outcomes) == [False, True]
        assert membership_of(student, room).state == (State.MEMBER if outcomes[0] else State.LEFT)
        assert student.notifications.count() == (1 if outcomes[0] else 0)


CHANGES = {
    "rotated": lambda rooms, actor: actions.renew_join_codes(rooms, actor),
    "archived": lambda rooms, actor: actions.archive_rooms(rooms, actor),
}


@pytest.mark.parametrize("change", CHANGES)
def test_join_that_waits_for_a_change_of_the_room_is_refused(change):
    room, student = RoomFactory(joining="code"), StudentFactory()
    rooms, changed, outcomes = Room.objects.filter(pk=room.pk), threading.Event(), []

    def join():
        changed.wait(30)
        try:
            outcomes.append(actions.join_room(student, room.join_code))
        except InvalidJoinCode as refusal:
            outcomes.append(type(refusal))

    thread = in_thread(join)
    with writing():
        CHANGES[change](rooms, room.owner)
        changed.set()
        wait_until_blocked(thread)
    thread.join(60)

    assert outcomes == [InvalidJoinCode]
    assert not Membership.objects.filter(user=student, room=room).exists()


@pytest.mark.parametrize("change", ["leaves", "is demoted"])
def test_room_has_an_owner_while_the_successor_leaves_or_is_demoted(change):
    for _round in range(ROUNDS):
        room, successor = room_with_co_teacher()
        other = MembershipFactory(room=room, user=TeacherFactory(), is_co_teacher=True)
        tasks = {
            "leaves": lambda room=room, user=successor.user: actions.leave_room(user, room),
            "is demoted": lambda membership=successor, actor=other.user: actions.demote_member(membership, actor),
        }

        outcomes = run_both(
            lambda room=room, user=successor.user: actions.leave_room(room.owner, room, user), tasks[change]
        )

        current = Room.objects.get(pk=room.pk)
        is_handed_over = not isinstance(outcomes[0], Exception)
        assert current.owner_id == (successor.user_id if is_handed_over else room.owner_id)
        assert access.owners(current).filter(pk=current.owner_id).exists()
        assert membership_of(room.owner, room).state == (State.LEFT if is_handed_over else State.MEMBER)
        refused = [NeedsSuccessor] if change == "leaves" or not is_handed_over else []
        assert errors(outcomes) == refused


def test_users_who_join_while_co_teachers_are_demoted_notify_the_owners_of_that_time():
    for _round in range(ROUNDS):
        room, first = room_with_co_teacher()
        second = MembershipFactory(room=room, user=TeacherFactory(), is_co_teacher=True)
        students = StudentFactory.create_batch(2)

        outcomes = run_both(
            *(lambda user=user, room=room: actions.join_room(user, room.join_code) for user in students),
            *(lambda each=each, room=room: actions.demote_member(each, room.owner) for each in (first, second)),
        )

        assert errors(outcomes) == []
        assert Room.objects.get(pk=room.pk).code_uses == 2
        assert list(access.owners(room)) == [User.objects.get(pk=room.owner_id)]
        for student in students:
            assert requests_to(room).filter(actor=student, recipient=room.owner).count() == 1
            assert requests_to(room).filter(actor=student).count() <= 3


def test_user_who_joins_while_their_account_is_closed_is_not_in_the_room():
    for _round in range(ROUNDS):
        room, student = RoomFactory(joining="code"), StudentFactory()

        outcomes = run_both(
            lambda user=student, room=room: actions.join_room(user, room.join_code),
            lambda user=student: close_account(User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)),
        )

        assert set(errors(outcomes)) <= {AccountInactive}
        assert not Membership.objects.filter(user=student).exists()


OPERATIONS = {
    "join": ("posts.actions.join.wake", lambda room, user: actions.join_room(user, room.join_code)),
    "cancel": ("posts.actions.members.wake", lambda room, user: actions.cancel_request(user, room)),
    "accept": (
        "posts.actions.members.wake",
        lambda room, user: actions.accept_request(membership_of(user, room), room.owner),
    ),
    "add": (
        "posts.actions.members.wake",
        lambda room, user: actions.add_member(Membership(user=user, room=room), room.owner),
    ),
    "hand over": (
        "posts.actions.members.wake",
        lambda room, user: actions.leave_room(room.owner, room, access.owners(room).exclude(pk=room.owner_id).get()),
    ),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_that_is_retried_after_a_deadlock_has_one_effect(monkeypatch, operation):
    (room, _co_teacher), student = room_with_co_teacher(), StudentFactory()
    if operation in ("cancel", "accept"):
        actions.join_room(student, room.join_code)
    name, run = OPERATIONS[operation]
    calls, log = [], LogEntry.objects.count()

    def fail_once(*users):
        calls.append(users)
        if len(calls) == 1:
            raise OperationalError(1213, "Deadlock found when trying to get lock")

    monkeypatch.setattr(name, fail_once)

    run(room, student)

    actor, state, uses = {
        "join": (student, State.APPLIED, 1),
        "cancel": (student, State.LEFT, 1),
        "accept": (student, State.MEMBER, 1),
        "add": (student, State.MEMBER, 0),
        "hand over": (room.owner, State.LEFT, 0),
    }[operation]
    room.refresh_from_db()
    assert len(calls) > 1
    assert membership_of(actor, room).state == state
    assert room.code_uses == uses
    assert LogEntry.objects.count() - log == (2 if operation == "hand over" else 1)
    assert student.notifications.count() == (1 if operation in ("accept", "add") else 0)
