"""Commands that create or change accounts."""

import getpass
import io

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.management import CommandError, call_command

from accounts import actions
from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, only_log_entry
from posts.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def terminal(monkeypatch):
    """Return a list of answers. Commands take them in order, and a function is called first."""
    answers = []

    def answer(prompt=""):
        if not answers:
            raise EOFError
        value = answers.pop(0)
        return value() if callable(value) else value

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(getpass, "getpass", answer)
    return answers


def run(command, *args, **options):
    """Run a command. Return the lines that it writes to standard error."""
    errors = io.StringIO()
    call_command(command, *args, **options, stdout=io.StringIO(), stderr=errors)
    return errors.getvalue().splitlines()


USED = [
    ({"username": "SAM"}, "This username is taken."),
    ({"username": "s-am"}, "This username looks like: sam. Choose another one, or allow it."),
    ({"username": "Admin"}, "This username is reserved. Choose another one."),
    ({"email": "SAM@School.Example"}, "Another account uses this email address."),
    ({"email": "ida"}, "Enter an email address like name@school.example."),
]


@pytest.mark.parametrize(("given", "error"), USED)
def test_createsuperuser_prompts_again_after_an_error(student, terminal, given, error):
    names = {"username": "ida", "email": "ida@school.example"}
    (wrong,) = given
    for name, value in names.items():
        terminal.extend([given[name], value] if name == wrong else [value])
    terminal.extend([PASSWORD, PASSWORD])

    assert run("createsuperuser") == [f"Error: {error}"]
    assert User.objects.get(username="ida").is_administrator


@pytest.mark.parametrize(("given", "error"), USED)
def test_createsuperuser_prompts_for_wrong_options(student, terminal, given, error):
    names = {"username": "ida", "email": "ida@school.example"}
    (wrong,) = given
    terminal.extend([names[wrong], PASSWORD, PASSWORD])

    assert run("createsuperuser", **(names | given)) == [f"Error: {error}"]
    assert User.objects.get(username="ida").email == "ida@school.example"


@pytest.mark.parametrize(("given", "error"), USED)
def test_createsuperuser_without_input_has_one_line_as_error(student, given, error):
    with pytest.raises(CommandError) as caught:
        run("createsuperuser", interactive=False, **({"username": "ida", "email": "ida@school.example"} | given))

    assert str(caught.value) == f"{next(iter(given))}: {error}"
    assert User.objects.count() == 1


def test_createsuperuser_rejects_weak_and_different_passwords(terminal):
    terminal.extend(["ida", "ida@school.example", "short", "short", PASSWORD, PASSWORD.upper(), PASSWORD, PASSWORD])

    errors = run("createsuperuser")

    assert errors == [
        "Error: Use at least 10 characters.",
        "Error: The passwords don't match. Enter the same password twice.",
    ]
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("password", [PASSWORD, None])
def test_createsuperuser_reads_the_environment(monkeypatch, password):
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", "ida")
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "ida@school.example")
    if password:
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)

    call_command("createsuperuser", interactive=False, verbosity=0)

    user = User.objects.get()
    assert (user.is_administrator, user.is_superuser, user.is_staff) == (True, True, True)
    assert user.approved_at is not None
    assert user.has_usable_password() == bool(password)
    assert not password or user.check_password(password)
    assert Membership.objects.filter(user=user, room__is_common=True).exists()
    assert only_log_entry() == (user.pk, str(user.pk), ADDITION, [], "manage.py createsuperuser")


def test_createsuperuser_can_allow_a_lookalike(student):
    call_command(
        "createsuperuser", "--allow-lookalike", username="s-am", email="a@b.example", interactive=False, verbosity=0
    )

    assert User.objects.filter(username="s-am").exists()


@pytest.mark.parametrize("command", [("createsuperuser",), ("changepassword", "sam")])
def test_command_stops_without_terminal_or_answer(student, terminal, monkeypatch, command):
    with pytest.raises(CommandError, match="Nothing was changed"):
        run(*command)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match="run it in a terminal"):
        run(*command)

    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("login", ["SAM", "sam@school.example"])
def test_changepassword_ends_sessions_and_is_recorded(student, client_for, terminal, login):
    client = client_for(student)
    terminal.extend(["short", "short", NEW_PASSWORD, NEW_PASSWORD])

    assert run("changepassword", login) == ["Error: Use at least 10 characters."]

    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)
    assert client.get("/account/").status_code == 302
    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["password"], "manage.py changepassword")


def test_changepassword_of_unknown_user():
    with pytest.raises(CommandError, match="There is no user 'nobody'"):
        run("changepassword", "nobody")


def test_changepassword_does_not_restore_an_account_that_is_closed_in_the_meantime(student, terminal):
    def close():
        actions.close_account(User.objects.get(pk=student.pk), student)
        return NEW_PASSWORD

    terminal.extend([NEW_PASSWORD, close])

    with pytest.raises(CommandError, match="deactivated or deleted"):
        run("changepassword", "sam")

    student.refresh_from_db()
    assert (student.username, student.has_usable_password()) == (f"former-{student.pk}", False)
