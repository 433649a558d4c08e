"""Staff operations check the actor's permissions under the lock, not the ones that were loaded earlier."""

from contextlib import suppress

import pytest
from django.http import Http404

from accounts import actions as account_actions
from accounts.models import User
from accounts.refusals import AccountInactive, NotStaff
from accounts.tests.factories import AdminFactory
from posts import actions
from posts.models import Membership, Post, Room
from posts.refusals import CannotCreateRoom, NotAuthor, NotManager, NotModerator
from posts.tests.factories import PostFactory

pytestmark = pytest.mark.django_db


def users(user):
    return User.objects.filter(pk=user.pk)


OPERATIONS = {
    "change_role": lambda actor, other, room: account_actions.change_role(users(other), "admin", actor),
    "deactivate_users": lambda actor, other, room: account_actions.deactivate_users(users(other), actor),
    "close_account": lambda actor, other, room: account_actions.close_account(other, actor),
    "create_user": lambda actor, other, room: account_actions.create_user(
        User(username="new", email="new@school.example", role="admin"), actor
    ),
    "save_profile": lambda actor, other, room: account_actions.save_profile(other, ["location"], actor=actor),
    "remove_member": lambda actor, other, room: actions.remove_member(
        Membership.objects.get(user=other, room=room), actor
    ),
    "add_member": lambda actor, other, room: actions.add_member(Membership(user=actor, room=room), actor),
    "archive_rooms": lambda actor, other, room: actions.archive_rooms(Room.objects.all(), actor),
    "change_owner": lambda actor, other, room: actions.change_owner(room, None, actor),
    "create_room": lambda actor, other, room: actions.create_room(Room(name="New"), actor),
    "update_room": lambda actor, other, room: actions.update_room(room, actor, {"name": "Changed"}),
    "edit_post": lambda actor, other, room: actions.edit_post(Post.objects.get(room=room), "Changed", actor),
    "remove_post": lambda actor, other, room: actions.remove_post(Post.objects.get(room=room), actor),
}


CHANGES = {
    "demoted": {"role": "student", "is_staff": False, "is_superuser": False},
    "deactivated": {"is_active": False},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_of_a_former_administrator_is_refused(operation, change, admin, classmate, room):
    Membership.objects.create(user=admin, room=room)
    if operation == "add_member":
        Membership.objects.filter(user=admin, room=room).delete()
    PostFactory(room=room, author=classmate, body="Hello")
    loaded_earlier = User.objects.get(pk=admin.pk)
    users(admin).update(**CHANGES[change])

    with pytest.raises((AccountInactive, NotStaff, NotManager, NotAuthor, NotModerator, CannotCreateRoom, Http404)):
        OPERATIONS[operation](loaded_earlier, classmate, room)

    assert User.objects.get(pk=classmate.pk).is_active
    assert not User.objects.filter(username="new").exists()
    assert Membership.objects.get(user=classmate, room=room).state == Membership.State.MEMBER
    assert Room.objects.get(pk=room.pk).owner_id == room.owner_id
    assert Post.objects.get(room=room).body == "Hello"


ACCOUNT_OPERATIONS = ["change_role", "deactivate_users", "close_account", "create_user", "save_profile"]


@pytest.mark.parametrize("operation", ACCOUNT_OPERATIONS)
def test_former_superuser_cannot_change_staff(operation, admin, room):
    other = AdminFactory(role="teacher", is_superuser=False)
    loaded_earlier, saved_at = User.objects.get(pk=admin.pk), other.updated_at
    users(admin).update(role="teacher", is_superuser=False)

    with suppress(NotStaff):
        OPERATIONS[operation](loaded_earlier, other, room)

    unchanged = User.objects.get(pk=other.pk)
    assert unchanged.is_active
    assert not unchanged.is_administrator
    assert unchanged.updated_at == saved_at
    assert not User.objects.filter(username="new").exists()


def test_staff_who_are_not_superusers_cannot_give_the_role_of_administrators(admin, classmate, room):
    users(admin).update(role="teacher", is_superuser=False)

    with pytest.raises(NotStaff):
        OPERATIONS["change_role"](admin, classmate, room)

    assert not User.objects.get(pk=classmate.pk).is_administrator
