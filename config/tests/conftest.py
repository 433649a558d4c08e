"""Fixtures for tests of the whole site."""

import pytest
from django.test import Client


@pytest.fixture
def anybody(student):
    """Return a client, signed in or not, that gives a 500 page where the code raises."""

    def client_of(person=None):
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)
        return client

    return client_of
