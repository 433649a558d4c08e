"""Clients for tests of the admin."""

import pytest
from django.contrib.auth.models import Permission

from accounts.tests.factories import UserFactory


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
