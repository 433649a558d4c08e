"""Fixtures for tests of the whole site."""

import json
import os
import secrets
import shutil
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.test import Client

from accounts.tests.sessions import create_session

PRODUCTION = {"SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "school.example", "DEBUG": "off"}
# Run each code of the input in a new process, which does not have to import Django again. None of the imported modules
# reads the environment.
FORK = """
import json, os, sys
import django.contrib.messages.constants, django.core.wsgi, django.urls, django.utils.translation, environ
for line in sys.stdin:
    code, environment, *files = json.loads(line)
    if pid := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    else:
        os.environ.clear()
        os.environ.update(environment)
        for number, file in enumerate(files, start=1):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        status = 0
        try:
            exec(code)
        except SystemExit as error:
            print(error.code, file=sys.stderr)
            status = 1
        # Without the end of the interpreter, which would take most of the time.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
"""


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
    run.environment = inherited
    return run


@pytest.fixture(scope="module")
def run_code(run, tmp_path_factory):
    """Return a function like `run` that runs Python code. It is faster, because it does not start Python each time."""
    files = [tmp_path_factory.mktemp("output") / name for name in ("stdout", "stderr")]
    with subprocess.Popen(
        [sys.executable, "-c", FORK],
        cwd=run.folder,
        env=run.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def run_code(code, **environment):
            print(json.dumps([code, run.environment | environment, *map(str, files)]), file=process.stdin, flush=True)
            status = int(process.stdout.readline())
            return subprocess.CompletedProcess(code, status, *(file.read_text() for file in files))

        run_code.folder = run.folder
        yield run_code
        process.stdin.close()


@pytest.fixture
def client_for(student):
    """Return a function that returns a client, signed in if a user is given. Exceptions become 500 responses."""

    def create(user=None):
        client = Client(raise_request_exception=False)
        if user:
            client.cookies[project.SESSION_COOKIE_NAME] = create_session(user)
        return client

    return create
