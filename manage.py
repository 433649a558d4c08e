#!/usr/bin/env python
"""Django's command-line utility. `python manage.py help` lists the commands."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection

from config.environment import exit_with_error


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except Exception:
        if settings.configured:
            check_database()
        raise


def check_database():
    """Exit with one line if the database cannot be opened. Any command can fail in many ways then."""
    try:
        connection.connect()
    except Exception as error:
        exit_with_error(f"The database in DATABASE_URL cannot be opened: {str(error).splitlines()[0]}.")


if __name__ == "__main__":
    main()
