"""A room that is hidden from some users, and a post in it."""

import pytest

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
