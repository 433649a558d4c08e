"""Fill a site with a demo"""

import ipaddress
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import Max
from django.utils import timezone

from accounts.audit import ADDITION, DELETION, entry
from accounts.models import Role, User
from config.transactions import writing
from posts.actions import add_to_common_room
from posts.demo.members import plan_memberships
from posts.demo.notifications import notifications_of, plan_reading
from posts.demo.posts import Conversations
from posts.demo.rooms import Place, plan_rooms
from posts.demo.threads import REMOVAL_REASONS
from posts.demo.timeline import WEEKS
from posts.demo.users import DOMAIN, plan_people
from posts.models import Membership, Notification, Post, Room

PASSWORD = "paper-planes-42"
# Rows a statement: far below the 16 MB that MariaDB takes at once, far above what a round trip costs.
BATCH = 1000
MOST = {"students": 20_000, "teachers": 2_000, "posts": 5_000_000}


class Command(BaseCommand):
    """Write a demo school in one transaction: all of it, or nothing.

    The same seed (and the same --until) makes the same people and the same posts. On record in the log are the
    people, the rooms and what was removed; not each post, which would double the work and tell nobody anything.
    """

    help = "Fill an empty site with a made-up school: people, rooms, posts, replies, mentions. For a look around."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--students", type=int, default=40, metavar="N", help="How many students (40).")
        parser.add_argument("--teachers", type=int, default=6, metavar="N", help="How many teachers (6).")
        parser.add_argument("--posts", type=int, default=600, metavar="N", help="How many posts (600).")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="Another seed, another school (1).")
        parser.add_argument(
            "--until",
            metavar="DATE",
            help="When the eight weeks of talk end: a date (at 00:00), or a date with a time. Now, if not given.",
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help="Add to the people who are here already. Best while nobody is using the site.",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing, and say so, when there are people here."
        )
        parser.add_argument(
            "--with-published-password",
            action="store_true",
            help="Do it on a site that others can reach, although everybody knows the password of the demo accounts.",
        )

    def handle(self, *, students, teachers, posts, seed, until, add, if_empty, with_published_password, **options):
        self.verbosity = options["verbosity"]
        _check_numbers(students=students, teachers=teachers, posts=posts, seed=seed)
        if add and if_empty:
            raise CommandError("--add and --if-empty exclude each other.")
        until = _moment(until)
        try:
            with writing():
                here = _count_people()
                if here and if_empty:
                    self._say("There are people on this site already: no demo ")
                    return
                if here and not add:
                    raise CommandError(
                        f"There are {here} people on this site already. Nothing was changed. Use --add to add to them."
                    )
                _check_site(with_published_password)
                cast = self._write(random.Random(seed), students, teachers, posts, until)
        except IntegrityError as problem:
            raise CommandError(
                f"Somebody else wrote at the same time, so nothing was changed. Please try again. ({problem})"
            ) from problem
        self._say_sign_ins(cast)

    def _write(self, rng, students, teachers, posts, until):
        cast = self._write_people(rng, students, teachers, until)
        self._say(f"People: {len(cast.everybody)}")
        places, memberships = self._write_rooms(rng, cast, until)
        self._say(f"Rooms: {len(places)}")
        first_id = (Post.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        reads_to = plan_reading(rng, cast, first_id, posts)
        talking = Conversations(rng, cast, places, posts, first_id, until, settings.POST_MAX_LENGTH)
        self._write_posts(rng, talking, reads_to, posts, until)
        talking.reading_of(memberships, reads_to)
        Membership.objects.bulk_create(memberships, batch_size=BATCH)
        add_to_common_room(cast.everybody)
        self._tell_of_doors(memberships, until)
        self._close_rooms(places, until)
        return cast

    def _write_people(self, rng, students, teachers, until):
        taken = [name for user in User.objects.values_list("username", "email").iterator() for name in _names(user)]
        # One hash for all: computing one takes a moment on purpose, and a thousand would take a thousand.
        password = make_password(PASSWORD)
        cast = plan_people(rng, students, teachers, taken, password, until)
        User.objects.bulk_create(cast.everybody, batch_size=BATCH)
        # Not every database gives the ids of what is created in bulk.
        made = {user.username: user for user in cast.everybody}
        newest = User.objects.order_by("-pk")[: len(made)]
        for pk, username in newest.values_list("pk", "username"):
            made[username].pk = pk
        for user in cast.everybody:
            user._state.adding = False
        entries = []
        for user in cast.everybody:
            added = entry(user, user, ADDITION)
            added.action_time = user.date_joined
            entries.append(added)
        LogEntry.objects.bulk_create(entries, batch_size=BATCH)
        return cast

    def _write_rooms(self, rng, cast, until):
        places = plan_rooms(rng, cast, Room.objects.values_list("slug", flat=True), until)
        entries = []
        for place in places:
            place.room.save(force_insert=True)
            opened = entry(place.room.owner, place.room, ADDITION)
            opened.action_time = place.room.created_at
            entries.append(opened)
        LogEntry.objects.bulk_create(entries, batch_size=BATCH)
        memberships = plan_memberships(rng, cast, places, until)
        admins = {name.lower(): pk for name, pk in _active().filter(role=Role.ADMIN).values_list("username", "pk")}
        for place in places:
            place.readers |= admins
            place.moderators.append(cast.admin)
        # Held until the end, as whoever writes there holds it: its revisions stay in their order.
        common = Room.objects.select_for_update().filter(is_common=True, archived_at=None).first()
        if common is not None:
            places.append(self._common_place(rng, cast, common, places, until))
            memberships += [Membership(user=user, room=common, created_at=user.date_joined) for user in cast.everybody]
        return places, memberships

    def _common_place(self, rng, cast, room, places, until):
        start = until - timedelta(weeks=WEEKS)
        if room.created_at > start and not room.posts.exists():
            room.created_at = start - timedelta(days=30)
        removed = Membership.objects.filter(room=room, state=Membership.State.REMOVED).values("user")
        readers = _active().exclude(pk__in=removed).values_list("username", "pk")
        return Place(
            room, "common", [], sum(place.weight for place in places) * 0.55 or 1,
            students=cast.students, teachers=cast.teachers, moderators=[cast.admin],
            readers={name.lower(): pk for name, pk in readers},
        )  # fmt: skip

    def _write_posts(self, rng, talking, reads_to, count, until):
        posts, notifications, removals = [], [], []
        # A generator of its own, so that who has read what changes nothing of what is said.
        reading = random.Random(rng.random())

        def flush():
            Post.objects.bulk_create(posts, batch_size=BATCH)
            Notification.objects.bulk_create(notifications, batch_size=BATCH)
            LogEntry.objects.bulk_create(removals, batch_size=BATCH)
            for written in (posts, notifications, removals):
                written.clear()

        for number, (post, told) in enumerate(talking, 1):
            posts.append(post)
            notifications += notifications_of(post, told, reads_to, reading, until)
            if post.removed_at is not None:
                removals.append(_removal(post, reading))
            if len(posts) == BATCH:
                flush()
                self._show_progress(number, count)
        if posts:
            flush()
            self._show_progress(count, count)
        # PostgreSQL's counter knows nothing of ids that came with their rows.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Post]):
                cursor.execute(statement)

    def _tell_of_doors(self, memberships, until):
        """Notify owners of who waits at the door, in the order in which they came."""
        waiting = [membership for membership in memberships if membership.state == Membership.State.APPLIED]
        waiting.sort(key=lambda membership: membership.created_at)
        Notification.objects.bulk_create(
            Notification(
                recipient_id=membership.room.owner_id, actor_id=membership.user_id,
                kind="applied", room=membership.room, created_at=membership.created_at,
            )
            for membership in waiting
        )  # fmt: skip

    def _close_rooms(self, places, until):
        for place in places:
            if place.closes and place.last_at is not None:
                place.room.archived_at = min(place.last_at + timedelta(days=1), until)
        Room.objects.bulk_update(
            [place.room for place in places], ["revision", "newest_post", "archived_at", "created_at"], batch_size=100
        )

    def _show_progress(self, done, count):
        if self.verbosity < 1:
            return
        if self.stdout.isatty():
            self.stdout.write(f"\rPosts: {done:,} of {count:,}", ending="\n" if done == count else "")
            self.stdout.flush()
        # Into a file or a log: a line for each tenth.
        elif done == count or done * 10 // count > (done - BATCH) * 10 // count:
            self.stdout.write(f"Posts: {done:,} of {count:,}")

    def _say(self, text):
        if self.verbosity >= 1:
            self.stdout.write(text)

    def _say_sign_ins(self, cast):
        self._say("")
        self._say(f"Sign in with the password {PASSWORD} as")
        width = max(len(user.username) for user in cast.known.values())
        for kind in ("student", "teacher", "waiting teacher", "administrator"):
            if kind in cast.known:
                self._say(f"  {cast.known[kind].username:<{width}}  {kind}")


def _count_people():
    try:
        return User.objects.count()
    except DatabaseError as problem:
        raise CommandError(f"The database cannot be read. Is it there, and migrated? ({problem})") from problem


def _active():
    return User.objects.active()


def _names(user):
    """Yield what a username and an address take from those to come: the name, and the name in our address."""
    username, email = user
    yield username
    if email.endswith(f"@{DOMAIN}"):
        yield email.partition("@")[0]


def _removal(post, rng):
    is_own = post.removed_by_id == post.author_id
    removal = entry(post.removed_by, post, DELETION, reason="" if is_own else rng.choice(REMOVAL_REASONS))
    removal.action_time = post.removed_at
    return removal


def _check_numbers(students, teachers, posts, seed):
    """Raise CommandError when a school of these numbers cannot be."""
    for name, number in {"students": students, "teachers": teachers, "posts": posts}.items():
        if number < 0 or number > MOST[name]:
            raise CommandError(f"--{name} must be between 0 and {MOST[name]:,}.")
    if seed < 0:
        raise CommandError("--seed must not be negative.")
    if posts and not (students and teachers):
        raise CommandError("Posts need somebody to write them: at least 1 student and 1 teacher.")


def _check_site(with_published_password):
    """Raise CommandError on a site that strangers may reach, unless told otherwise: the password is in the source."""
    if settings.DEBUG or with_published_password:
        return
    public = [host for host in settings.ALLOWED_HOSTS if not _is_loopback(host)]
    if public:
        raise CommandError(
            f"This site answers at {public[0]}, and the password of demo accounts, an administrator's among them, is "
            "public. Nothing was changed. Use --with-published-password if that is what you want."
        )


def _is_loopback(host):
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _moment(text):
    """Return the moment that `text` names, now when it names none. Raises CommandError."""
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        moment.timestamp()
    except (ValueError, OverflowError) as problem:
        message = f"--until takes a date such as 2026-03-20 or 2026-03-20T15:30, and not {text!r}."
        raise CommandError(message) from problem
    if moment.year < 2000 or moment > timezone.now() + timedelta(days=1):
        raise CommandError("--until must be a date since the year 2000, and not in the future.")
    return moment
