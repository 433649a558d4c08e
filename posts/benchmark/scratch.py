"""Runs a measurement in a process whose settings use a scratch database."""

import os
import secrets
import subprocess
import sys
import tempfile

from django.conf import settings
from django.core.management.base import CommandError

FOLDER = "HOMEROOM_BENCHMARK"  # environment variable: the folder of the scratch files, set in these processes only


def is_scratch() -> bool:
    """Return whether this process uses a scratch database."""
    return FOLDER in os.environ


def run_again(database: str | None, *arguments: str) -> None:
    """Run the current command again, with `arguments` added, on the empty `database` (URL) or a temporary SQLite file.

    Raises CommandError if it fails. It uses the settings of a production site, plus the fixed page.
    """
    with tempfile.TemporaryDirectory(prefix="homeroom-") as folder:
        env = {
            **os.environ,
            FOLDER: folder,
            "DJANGO_SETTINGS_MODULE": "posts.benchmark.settings",
            "DATABASE_URL": database or f"sqlite:///{folder}/scratch.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "HTTPS": "off",
            "DEBUG": "off",
            "LOG_LEVEL": "WARNING",
        }
        measure = [*sys.argv[1:], *arguments]
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"], measure):
            manage = [sys.executable, "manage.py", *command]
            if subprocess.run(manage, cwd=settings.BASE_DIR, env=env).returncode:  # noqa: S603
                raise CommandError(f"{command[0]} failed")
