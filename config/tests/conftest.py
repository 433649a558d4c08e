"""Fixtures for tests of the whole site."""

import os
import secrets
import shutil
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.test import Client

PRODUCTION = {"SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "school.example", "DEBUG": "off"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that runs Python in a copy of the project with the given environment.

    The copy has no `.env`, which would supply settings that the environment omits.
    """
    folder = tmp_path_factory.mktemp("copy") / "homeroom"
    shutil.copytree(project.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "media"))
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=inherited | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    run.folder = folder
    return run


@pytest.fixture
def client_for(student):
    """Return a function that returns a client, signed in if a user is given. Exceptions become 500 responses."""

    def create(user=None):
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        return client

    return create
