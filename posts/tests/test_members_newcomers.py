"""Posts that are older than a membership count as read."""

import pytest

from accounts.models import Student
from accounts.tests.factories import TeacherFactory
from posts import actions
from posts.class_lists import Outcome, Row
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, PostFactory

State = Membership.State


def join(room, user, teacher):
    Room.objects.filter(pk=room.pk).update(joining="code")
    actions.join_room(user, room.join_code)


def join_by_request(room, user, teacher):
    membership = actions.join_room(user, room.join_code)
    PostFactory(room=room)
    actions.accept_request(membership, teacher)


def accept_all(room, user, teacher):
    actions.join_room(user, room.join_code)
    PostFactory(room=room)
    actions.accept_requests(room, teacher)


def add(room, user, teacher):
    actions.add_member(Membership(user=user, room=room), teacher)


def add_again(room, user, teacher):
    membership = MembershipFactory(user=user, room=room, state=State.LEFT)
    actions.add_member(membership, teacher)


def import_list(room, user, teacher):
    actions.import_class_list(room, [Row(1, user.username, user_id=user.pk, outcome=Outcome.ADDED)], teacher)


def import_list_again(room, user, teacher):
    MembershipFactory(user=user, room=room, state=State.REMOVED)
    import_list(room, user, teacher)


WAYS = [join, join_by_request, accept_all, add, add_again, import_list, import_list_again]


@pytest.mark.parametrize("become_member", WAYS, ids=lambda way: way.__name__)
def test_new_member_has_no_unread_posts(room, outsider, teacher, become_member):
    PostFactory.create_batch(2, room=room)

    become_member(room, outsider, teacher)

    room.refresh_from_db()
    assert Membership.objects.get(user=outsider, room=room, state=State.MEMBER).last_read == room.newest_post > 0


def test_new_account_has_no_unread_posts_in_the_common_room(common_room, classmate):
    post = PostFactory(room=common_room)
    student = Student.objects.create_user("ida", "ida@school.example", "paper-planes-42")

    actions.add_to_common_room([student])

    assert student.memberships.get().last_read == post.pk


def test_pupil_of_a_class_list_has_no_unread_posts(room, common_room, teacher):
    posts = [PostFactory(room=each) for each in (room, common_room)]

    actions.import_class_list(room, [Row(1, "ida", outcome=Outcome.NEW)], teacher)

    last_read = Membership.objects.filter(user__username="ida").values_list("room", "last_read")
    assert set(last_read) == {(post.room_id, post.pk) for post in posts}


def test_new_owner_has_no_unread_posts(room, admin):
    post, owner = PostFactory(room=room), TeacherFactory()

    actions.change_owner(room, owner, admin)

    assert Membership.objects.get(user=owner, room=room).last_read == post.pk


def test_member_who_is_added_again_keeps_unread_posts(room, student, teacher):
    PostFactory(room=room)

    assert not actions.add_member(Membership(user=student, room=room), teacher)

    assert Membership.objects.get(user=student, room=room).last_read == 0


def test_member_who_becomes_the_owner_keeps_unread_posts(room, admin):
    owner = TeacherFactory()
    MembershipFactory(room=room, user=owner)
    PostFactory(room=room)

    actions.change_owner(room, owner, admin)

    assert Membership.objects.get(user=owner, room=room).last_read == 0
