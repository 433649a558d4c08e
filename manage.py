#!/usr/bin/env python
"""Django's command-line utility. `python manage.py help` lists the commands."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception:
        check_database()
        raise


def check_database():
    """Exit with one line if the database cannot be opened. Any command can fail in many ways then."""
    from django.conf import settings
    from django.db import connection

    from config.environment import exit_with_error

    if not settings.configured:
        return
    try:
        connection.connect()
    except Exception as error:
        problem = str(error).partition("\n")[0]
        exit_with_error(f"The database in DATABASE_URL cannot be opened: {problem}.")


if __name__ == "__main__":
    main()
