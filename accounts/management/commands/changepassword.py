"""Change the password of a user."""

from django.contrib.auth.hashers import make_password
from django.core.management.base import CommandError

from accounts import actions
from accounts.forms import SetPasswordForm
from accounts.management.base import PASSWORD_PROMPTS, AskingCommand
from accounts.models import User
from config.refusals import Refusal


class Command(AskingCommand):
    """Django's command, with the operation of the site: it ends sessions and writes to the audit log."""

    help = "Change the password of a user and end their sessions."

    def add_arguments(self, parser):
        parser.add_argument("username", help="Username or email address.")

    def handle(self, *, username, **options):
        user = User.objects.find_by_login(username)
        if user is None:
            raise CommandError(f"There is no user {username!r}.")
        self.check_terminal()
        self.stdout.write(f"Changing the password of {user}")
        data = {}
        prompts = dict(zip(("new_password1", "new_password2"), PASSWORD_PROMPTS, strict=True))
        self.ask(lambda data: SetPasswordForm(user, data), data, prompts)
        try:
            actions.change_password(None, user, make_password(data["new_password1"]), self.reason)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Password changed.")
