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


def run_again(database: str | None, *runs: list[str]) -> None:
    """Run the current command again, once with each list of arguments added, on an empty database.

    It is `database` (URL), or a temporary SQLite file for each run. Raises CommandError if a run fails. It uses the
    settings of a production site, plus the fixed page.
    """
    with tempfile.TemporaryDirectory(prefix="homeroom-") as folder:
        env = {
            **os.environ,
            FOLDER: folder,
            "DJANGO_SETTINGS_MODULE": "posts.benchmark.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            "HTTPS": "off",
            "DEBUG": "off",
            "LOG_LEVEL": "WARNING",
        }
        for number, arguments in enumerate(runs):
            env["DATABASE_URL"] = database or f"sqlite:///{folder}/scratch{number}.sqlite3"
            if number == 0:
                _manage(env, "collectstatic", "--no-input", "-v0")
            _manage(env, "migrate", "-v0")
            _manage(env, *sys.argv[1:], *arguments)


def _manage(env, *command):
    if subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=env).returncode:  # noqa: S603
        raise CommandError(f"{command[0]} failed")
