#!/usr/bin/env python
"""Run Homeroom's and Django's commands: `python manage.py help` lists them."""

import os
import sys


def main():
    """Hand the command line to Django; a setting that is missing ends it with one line, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
