"""Fixtures for tests of accounts."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Permission

from accounts.tests.factories import UserFactory
from posts.actions import write_post
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory


@pytest.fixture
def admin_client(admin, client_for):
    """The client of an administrator."""
    return client_for(admin)


@pytest.fixture
def secretary(db):
    """A staff user who is not a superuser and can view and change users."""
    user = UserFactory(username="secretary", is_staff=True)
    names = ["view_user", "add_user", "change_user", "change_student", "view_student", "view_session", "delete_session"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


@pytest.fixture
def user_data(student, classmate, teacher, common_room):
    """Give `student` a profile, posts, a mention, a membership and a notification."""
    student.description, student.location = "I play chess and keep bees.", "House Elm"
    student.save()
    room = RoomFactory(owner=teacher, name="Form 7b")
    MembershipFactory(user=student, room=room)
    own_post = write_post(student, common_room, "Who has @kim's book?")
    other_post = write_post(classmate, common_room, "Ask @sam, or @SAM. Not @sammy or a@sam.")
    NotificationFactory(recipient=student)
    return {"room": room, "own_post": own_post, "other_post": other_post}


@pytest.fixture
def hashes(monkeypatch):
    """Record each hash of a password."""
    calls, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: calls.append(1) or encode(self, *args))
    return calls
