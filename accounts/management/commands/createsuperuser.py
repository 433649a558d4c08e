"""Create an administrator."""

import os

from django.core.management.base import CommandError
from django.db import IntegrityError

from accounts import actions
from accounts.admin.forms import UserCreationForm
from accounts.management.base import PASSWORD_PROMPTS, AskingCommand
from accounts.models import Role


class Command(AskingCommand):
    """Django's command, with the validation and the audit log of the site."""

    help = "Create an administrator. Prompts for the values that are not given."

    def add_arguments(self, parser):
        parser.add_argument("--username")
        parser.add_argument("--email")
        parser.add_argument("--allow-lookalike", action="store_true", help="Allow a username similar to another one.")
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Do not prompt. The environment can set DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_EMAIL and "
            "DJANGO_SUPERUSER_PASSWORD. Without a password, the administrator cannot sign in until they reset it.",
        )

    def handle(self, *, username, email, allow_lookalike, interactive, verbosity, **options):
        data = {"username": username, "email": email, "role": Role.ADMIN, "allow_lookalike": allow_lookalike}
        if interactive:
            self.check_terminal()
            for prompts in (
                {"username": "Username: "},
                {"email": "Email address: "},
                dict(zip(("password1", "password2"), PASSWORD_PROMPTS, strict=True)),
            ):
                self.ask(UserCreationForm, data, prompts)
        else:
            self._add_environment(data)
        form = UserCreationForm(data)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise CommandError(f"{name}: {errors[0]}")
        try:
            actions.create_user(form.save(commit=False), actor=None, reason=self.reason)
        except IntegrityError as error:
            raise CommandError("Another user has just taken this username or email address.") from error
        if verbosity:
            self.stdout.write("Administrator created.")

    def _add_environment(self, data):
        for name in ("username", "email"):
            data[name] = data[name] or os.environ.get(f"DJANGO_SUPERUSER_{name.upper()}")
            if not data[name]:
                raise CommandError(f"Use --{name} with --noinput.")
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD", "")
        data |= {"password1": password, "password2": password, "usable_password": "true" if password else "false"}
