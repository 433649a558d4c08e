"""The members of the rooms of a demo school, what they have read, and their join requests."""

import itertools
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from accounts.models import Role, User
from posts.demo.rooms import DemoRoom
from posts.demo.timeline import WEEKS
from posts.demo.users import DemoUsers
from posts.models import Membership, Notification

State = Membership.State
MIN_STUDENTS = 3  # in each room, if the school has enough students


def build_memberships(rng: Random, users: DemoUsers, rooms: list[DemoRoom], until: datetime) -> list[Membership]:
    """Return unsaved memberships of `rooms`, which are saved and do not include the common room.

    Sets the students and readers of each room and the users who turned off its notifications, and adjusts its weight to
    its size. `set_last_read` sets the position of each member later.
    """
    builder = _MembershipBuilder(rng, users, rooms, until)
    builder.add_owners()
    builder.add_co_teachers()
    builder.add_students()
    for room in rooms:
        builder.add_outsiders(room)
    for room in rooms:
        states = builder.states[room]
        members = [user for user, state in states.items() if state == State.MEMBER]
        room.students = [user for user in members if user.role == Role.STUDENT and user not in users.class_list]
        room.readers = {user.username.lower(): user.pk for user in members}
        room.weight *= 4 + len(room.students) ** 0.5
    return builder.memberships


def choose_last_read(rng: Random, users: DemoUsers, first_id: int, count: int) -> dict[int, int]:
    """Return {user id: id of the last post read}, for posts with the ids from `first_id` on.

    Most users are up to date and a few have been away. Users with printed credentials have a few unread posts.
    """
    last_id = first_id + count - 1
    with_sign_in = set(users.sign_ins.values())
    last_read = {}
    for user in users.all:
        draw = rng.random()
        unread = 0 if draw < 0.6 else rng.randint(1, max(1, count // (40 if draw < 0.9 else 3)))
        if user in with_sign_in:
            unread = 16 if count >= 40 else count // 10
        last_read[user.pk] = last_id - unread
    return last_read


def set_last_read(
    memberships: list[Membership], rooms: list[DemoRoom], last_read: dict[int, int], last_id: int
) -> None:
    """Set the last post that each member has read, given {user id: id of the last post read in any room}.

    Users without a position have read everything up to `last_id`. All users have read their own posts.
    """
    rooms_by_id = {room.room.pk: room for room in rooms}
    for membership in memberships:
        if membership.state != State.MEMBER:
            continue
        room = rooms_by_id[membership.room_id]
        index = bisect_right(room.post_ids, last_read.get(membership.user_id, last_id))
        read = room.post_ids[index - 1] if index else 0
        membership.last_read = max(read, room.last_post_by_author.get(membership.user_id, 0))


def build_request_notifications(memberships: list[Membership]) -> list[Notification]:
    """Return unsaved notifications that inform owners and co-teachers of join requests, oldest first."""
    requests = [membership for membership in memberships if membership.state == State.APPLIED]
    requests.sort(key=lambda request: request.created_at)
    owners = defaultdict(list)
    for membership in memberships:
        if membership.is_co_teacher or membership.user_id == membership.room.owner_id:
            owners[membership.room_id].append(membership.user_id)
    return [
        Notification(
            recipient_id=owner, actor_id=request.user_id, kind="applied", room=request.room,
            created_at=request.created_at,
        )
        for request in requests
        for owner in owners[request.room_id]
    ]  # fmt: skip


class _MembershipBuilder:
    def __init__(self, rng, users, rooms, until):
        self.rng, self.users, self.rooms, self.until = rng, users, rooms, until
        self.start = until - timedelta(weeks=WEEKS)
        self.with_sign_in = set(users.sign_ins.values())
        self.memberships = []
        self.states: dict[DemoRoom, dict[User, str]] = {room: {} for room in rooms}

    def add_owners(self):
        for room in self.rooms:
            self._add(room, room.room.owner, State.MEMBER, room.room.created_at)

    def add_co_teachers(self):
        """Add co-teachers: one to every second class, including that of the teacher with printed credentials, and two
        to rooms with notices.
        """
        classes = [room for room in self.rooms if room.kind == "class"]
        notices = [room for room in self.rooms if room.kind == "notices"]
        for room in [*classes[::2], *notices, *notices]:
            others = [teacher for teacher in self.users.teachers if teacher not in room.teachers]
            if others:
                co_teacher = self.rng.choice(others)
                self._add(room, co_teacher, State.MEMBER, self._joined_at(), is_co_teacher=True)
                room.teachers.append(co_teacher)
                room.moderators.append(co_teacher)

    def add_students(self):
        """Add each student to three to five rooms, and to one with notices."""
        notices = itertools.cycle([room for room in self.rooms if room.kind == "notices"])
        rooms = [room for room in self.rooms if room.kind != "notices"]
        for student in self.users.students:
            chosen = self.rng.sample(rooms, min(len(rooms), self.rng.randint(3, 5)))
            if student is self.users.sign_ins["student"] or student in self.users.class_list:
                chosen = list(dict.fromkeys([*filter(self._has_teacher_with_sign_in, rooms), *chosen]))
            for room in [*chosen, *itertools.islice(notices, 1)]:
                self._add(room, student, State.MEMBER, self._joined_at())

    def add_outsiders(self, room):
        """Fill up a room with too few students, and add join requests and declined and removed users."""
        rng, states = self.rng, self.states[room]
        outsiders = [student for student in self.users.students if student not in states]
        missing = max(0, min(MIN_STUDENTS, len(self.users.students)) - (len(states) - 1))
        for student in rng.sample(outsiders, min(missing, len(outsiders))):
            self._add(room, student, State.MEMBER, self._joined_at())
        outsiders = [user for user in outsiders if user not in states and user not in self.with_sign_in]
        rng.shuffle(outsiders)
        requests = 2 if self._has_teacher_with_sign_in(room) else rng.random() < 0.3
        for _number in range(requests):
            if outsiders:
                # In the last two minutes, because their notifications come after those of all posts.
                self._add(room, outsiders.pop(), State.APPLIED, self.until - timedelta(seconds=rng.randrange(100)))
        for state in (State.DECLINED, State.REMOVED):
            if outsiders and rng.random() < 0.1:
                self._add(room, outsiders.pop(), state, self.start + timedelta(days=rng.randrange(40)))

    def _add(self, room, user, state, created_at, *, is_co_teacher=False):
        has_notifications_off = state == State.MEMBER and user not in self.with_sign_in and self.rng.random() < 0.03
        notify = Membership.Notify.NOTHING if has_notifications_off else Membership.Notify.MENTIONS
        has_sign_in = self._has_teacher_with_sign_in(room)
        self.states[room][user] = state
        self.memberships.append(
            Membership(
                user=user, room=room.room, state=state, notify=notify, created_at=created_at,
                state_changed_at=created_at, is_co_teacher=is_co_teacher,
                created_account=user in self.users.class_list and room.kind == "class" and has_sign_in,
            )
        )  # fmt: skip
        if has_notifications_off:
            room.notifications_off.add(user.pk)

    def _joined_at(self):
        return self.start - timedelta(seconds=self.rng.randrange(60, 5 * 86400))

    def _has_teacher_with_sign_in(self, room):
        return room.room.owner is self.users.sign_ins.get("teacher")
