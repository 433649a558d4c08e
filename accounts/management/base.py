"""Commands that read values from the terminal and validate them with a form of the site."""

import getpass
import sys
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.forms import Form

PASSWORD_PROMPTS = ("Password: ", "Repeat password: ")


class AskingCommand(BaseCommand):
    """Base class. Each command is the reason of its entries in the audit log."""

    requires_migrations_checks = True

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Cancelled. Nothing was changed.") from None

    @property
    def reason(self) -> str:
        return f"manage.py {self.__module__.rpartition('.')[2]}"

    def ask(self, get_form: Callable[[dict], Form], data: dict, prompts: dict[str, str]) -> None:
        """Read the fields in `prompts` ({name: prompt}) that `data` lacks, and again until the form accepts them."""
        while True:
            for name, prompt in prompts.items():
                data[name] = data.get(name) or (getpass.getpass if prompt in PASSWORD_PROMPTS else input)(prompt)
            form = get_form(data)
            errors = [error for name in prompts for error in form.errors.get(name, [])]
            if not errors:
                return
            for error in errors:
                self.stderr.write(f"Error: {error}")
            data |= dict.fromkeys(prompts)

    @staticmethod
    def check_terminal() -> None:
        """Raise CommandError if there is no terminal."""
        if not sys.stdin.isatty():
            raise CommandError("This command reads a password, so run it in a terminal.")
