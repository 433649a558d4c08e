"""Fixtures for tests of the whole site."""

import pytest
from django.test import Client


@pytest.fixture
def client_for(student):
    """Return a function that returns a client, signed in if a user is given. Exceptions become 500 responses."""

    def create(user=None):
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        return client

    return create
