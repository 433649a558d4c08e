"""A room that is hidden from some users, and a post in it."""

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.models import Membership
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory


@pytest.fixture
def room(teacher, student, classmate):
    """A room of `teacher` with the members `student` and `classmate`, but not `outsider`."""
    room = RoomFactory(name="Chemistry 9b", slug="chemistry", owner=teacher)
    for user in (student, classmate):
        MembershipFactory(room=room, user=user)
    return room


@pytest.fixture
def co_teacher(room):
    """An approved teacher who is a co-teacher of `room`."""
    user = TeacherFactory(username="mr.cole", first_name="Ben", last_name="Cole")
    MembershipFactory(room=room, user=user, is_co_teacher=True)
    return user


@pytest.fixture
def applicant(room):
    """A student who has asked to join `room`."""
    user = StudentFactory(username="ren", first_name="Ren", last_name="Mori", last_login=timezone.now())
    MembershipFactory(room=room, user=user, state=Membership.State.APPLIED)
    return user


@pytest.fixture
def room_post(room, classmate):
    """A post by `classmate` in `room`."""
    return PostFactory(room=room, author=classmate, body="The swordfish swims at dawn")


@pytest.fixture
def remove_from_common_room(common_room):
    """Return a function that removes users from the common room."""

    def remove(*users):
        for user in users:
            Membership.objects.update_or_create(
                user=user, room=common_room, defaults={"state": Membership.State.REMOVED}
            )

    return remove


@pytest.fixture
def admin_client(admin, client_for):
    """A client signed in as an administrator."""
    return client_for(admin)
