"""Fill a site with a demo school."""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from accounts.models import User
from config.transactions import writing
from posts.demo.school import PASSWORD, SchoolWriter

MAXIMUM = {"students": 20_000, "teachers": 2_000, "posts": 5_000_000}


class Command(BaseCommand):
    """Write a demo school in one transaction. The same --seed and --until give the same users and posts."""

    help = "Fill an empty site with a fictional school: users, rooms, posts, replies and mentions."
    requires_migrations_checks = True
    _reported_tenth = 0

    def add_arguments(self, parser):
        parser.add_argument("--students", type=int, default=40, metavar="N", help="Number of students (40).")
        parser.add_argument("--teachers", type=int, default=6, metavar="N", help="Number of teachers (6).")
        parser.add_argument("--posts", type=int, default=600, metavar="N", help="Number of posts (600).")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="Each seed gives a different school (1).")
        parser.add_argument(
            "--until",
            metavar="DATE",
            help="The end of the eight weeks of posts: a date (at 00:00) or a date with a time. Defaults to now.",
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help="Add to the existing users. Best used when the site is not in use.",
        )
        parser.add_argument("--if-empty", action="store_true", help="Do nothing if the site has users.")
        parser.add_argument(
            "--with-published-password",
            action="store_true",
            help="Allow this on a site that is reachable from other machines. The password of the demo accounts is "
            "public.",
        )

    def handle(self, *, students, teachers, posts, seed, until, add, if_empty, with_published_password, **options):
        self.verbosity = options["verbosity"]
        _check_numbers(students=students, teachers=teachers, posts=posts, seed=seed)
        if add and if_empty:
            raise CommandError("--add and --if-empty cannot be used together.")
        writer = SchoolWriter(seed, _parse_until(until), self._report)
        try:
            with writing():
                existing = _count_users()
                if existing and if_empty:
                    self._print("The site has users already. No demo school was created.")
                    return
                if existing and not add:
                    raise CommandError(
                        f"The site has users already ({existing}). Nothing was changed. Use --add to add more."
                    )
                _check_hosts(with_published_password)
                users = writer.write(students, teachers, posts)
        except IntegrityError as error:
            raise CommandError(
                f"Another process wrote at the same time, so nothing was changed. Try again. ({error})"
            ) from error
        self._print_sign_ins(users)

    def _report(self, subject, done, total):
        """Print progress, with a line for each tenth of the posts."""
        if subject != "Posts":
            self._print(f"{subject}: {total:,}")
        elif (tenth := done * 10 // total) > self._reported_tenth:
            self._print(f"Posts: {done:,} of {total:,}")
            self._reported_tenth = tenth

    def _print(self, text):
        if self.verbosity >= 1:
            self.stdout.write(text)

    def _print_sign_ins(self, users):
        self._print("")
        self._print(f"Sign in with the password {PASSWORD} as")
        width = max(len(user.username) for user in users.sign_ins.values())
        for label in ("student", "teacher", "teacher (awaiting approval)", "administrator"):
            if label in users.sign_ins:
                self._print(f"  {users.sign_ins[label].username:<{width}}  {label}")


def _count_users():
    try:
        return User.objects.count()
    except DatabaseError as error:
        raise CommandError(f"Cannot read the database. Does it exist, and is it migrated? ({error})") from error


def _check_numbers(students, teachers, posts, seed):
    for name, number in {"students": students, "teachers": teachers, "posts": posts}.items():
        if number < 0 or number > MAXIMUM[name]:
            raise CommandError(f"--{name} must be between 0 and {MAXIMUM[name]:,}.")
    if seed < 0:
        raise CommandError("--seed must not be negative.")
    if posts and not (students and teachers):
        raise CommandError("Posts need authors: at least 1 student and 1 teacher.")


def _check_hosts(with_published_password):
    """Raise CommandError if other machines can reach the site, because the password of the demo accounts is public."""
    if settings.DEBUG or with_published_password:
        return
    public = [host for host in settings.ALLOWED_HOSTS if not _is_loopback(host)]
    if public:
        raise CommandError(
            f"The site is reachable as {public[0]}, and the password of the demo accounts, including an administrator, "
            "is public. Nothing was changed. Use --with-published-password to create them anyway."
        )


def _is_loopback(host):
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _parse_until(text):
    """Return the given date and time, or now if `text` is None. Raises CommandError."""
    if text is None:
        return timezone.now()
    try:
        until = datetime.fromisoformat(text)
        until = timezone.make_aware(until) if timezone.is_naive(until) else until
        until.timestamp()
    except (ValueError, OverflowError) as error:
        raise CommandError(f"--until must be a date such as 2026-03-20 or 2026-03-20T15:30, not {text!r}.") from error
    if until.year < 2000 or until > timezone.now() + timedelta(days=1):
        raise CommandError("--until must be between the year 2000 and tomorrow.")
    return until
