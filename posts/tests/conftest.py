"""A room of the cast's own, beside the common one."""

import pytest

from posts.models import Membership
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory


@pytest.fixture
def room(teacher, student, classmate):
    """The teacher's room, in which student and classmate are and the outsider is not."""
    room = RoomFactory(name="Chemistry 9b", slug="chemistry", owner=teacher)
    for person in (student, classmate):
        MembershipFactory(room=room, user=person)
    return room


@pytest.fixture
def room_post(room, classmate):
    """What classmate said in that room."""
    return PostFactory(room=room, author=classmate, body="The swordfish swims at dawn")


@pytest.fixture
def remove_from_common_room(common_room):
    """Return a function that takes people out of the common room."""

    def remove(*people):
        for person in people:
            Membership.objects.update_or_create(
                user=person, room=common_room, defaults={"state": Membership.State.REMOVED}
            )

    return remove


@pytest.fixture
def admin_client(admin, client_for):
    """The client of an administrator."""
    return client_for(admin)
