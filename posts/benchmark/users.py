"""Users for a load test, and sessions for them."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from accounts.models import User
from accounts.sessions import SessionStore
from posts.actions import add_to_common_room


def create_students(number):
    """Create students who are members of the common room, and return the keys of their sessions."""
    with transaction.atomic():
        students = User.objects.bulk_create(
            [
                User(username=f"pupil{n}", email=f"pupil{n}@school.example", password="!")  # noqa: S106
                for n in range(number)
            ]
        )
        add_to_common_room(students)
        return [create_session(student) for student in students]


def create_session(user):
    """Sign `user` in and return the session key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
