"""What the real server does under load, over loopback, on a database made for the purpose."""

import asyncio
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections, transaction

from accounts.models import User
from accounts.sessions import SessionStore
from posts.actions import add_to_common_room
from posts.benchmark.clients import Writer, open_screens
from posts.benchmark.server import MeasuredServer, free_port
from posts.benchmark.traffic import measure_traffic
from posts.models import Room

ENV_SET = "HOMEROOM_LOADTEST"
GAP_SECONDS = 0.1  # between two posts


class Command(BaseCommand):
    """Measure open streams: memory, threads, connections, idle CPU, and how soon a post is on the last screen."""

    help = "Measures the real server over loopback, on a database of its own: open streams, and pages under load."

    def add_arguments(self, parser):
        parser.add_argument("--streams", type=int, default=1000, help="screens with an open conversation")
        parser.add_argument("--posts", type=int, default=200, help="posts written while they listen")
        parser.add_argument("--database", help="an empty database (a URL); default: SQLite in a folder of its own")
        parser.add_argument("--only", choices=["streams", "pages"], help="default: both")
        parser.add_argument("--rows", type=int, default=1_000_000, help="posts in the database that serves the pages")
        parser.add_argument("--idle", type=float, default=10, help="seconds for which open streams are left alone")
        parser.add_argument("--seconds", type=float, default=6, help="for which each page is requested")
        parser.add_argument("--workers", type=int, default=2, help="server processes for the pages")

    def handle(self, *args, database, only, **options):
        if ENV_SET in os.environ:
            return self._measure(only, **options)
        if database and not only:
            raise CommandError("Each measurement wants an empty database: with --database, say --only which.")
        for part in [only] if only else ["streams", "pages"]:
            self._begin(part, database)

    def _begin(self, part, database):
        """Measure one part, in a process that has a folder and a database to itself."""
        with tempfile.TemporaryDirectory(prefix="homeroom-") as folder:
            env = {
                **os.environ,
                ENV_SET: folder,
                "DATABASE_URL": database or f"sqlite:///{folder}/loadtest.sqlite3",
                "SECRET_KEY": secrets.token_urlsafe(50),
                "ALLOWED_HOSTS": "127.0.0.1",
                "HTTPS": "off",
                "DEBUG": "off",
                "LOG_LEVEL": "WARNING",
            }
            manage = [sys.executable, "manage.py"]
            measure = [*sys.argv[1:], "--only", part]
            for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"], measure):
                done = subprocess.run([*manage, *command], cwd=settings.BASE_DIR, env=env)  # noqa: S603
                if done.returncode:
                    raise CommandError(f"{command[0]} failed")

    def _measure(self, only, streams, posts, idle, rows, seconds, workers, **options):
        if only == "streams":
            self._measure_streams(streams, posts, idle)
        else:
            measure_traffic(self.stdout.write, _sign_in, rows, seconds, workers)

    def _measure_streams(self, streams, posts, idle):
        _allow_files(2 * streams + 200)
        sessions = _people(streams + 1)
        room = Room.objects.get(is_common=True)
        connections.close_all()
        command = ["manage.py", "serve", "--workers", "1", "--no-static", "--port"]
        ports = [free_port(), free_port()]
        # All streams are on the first server. The second one shares only the database with it.
        first, second = (MeasuredServer([*command, str(port)], port) for port in ports)
        with first, second:
            asyncio.run(self._streams(first, ports, sessions, room, posts, idle))

    async def _streams(self, server, ports, sessions, room, posts, idle_seconds):
        arrivals = _Arrivals(len(sessions) - 1)
        session = sessions.pop()
        writers = [Writer(port, session) for port in ports]
        # Warm up: import code, start threads, render the first rows.
        for number in range(6):
            await writers[number % 2].post(room.get_absolute_url(), {"body": f"warming up {number}"})
        for screen in await open_screens(ports[:1], sessions[:20], room.pk, 0, lambda *_: None):
            screen.transport.abort()
        await asyncio.sleep(1)

        memory = server.memory()
        began = time.perf_counter()
        screens = await open_screens(ports[:1], sessions, room.pk, 6, arrivals)
        opening = time.perf_counter() - began
        await asyncio.sleep(2)
        opened = server.memory()

        cpu = server.cpu()
        await asyncio.sleep(idle_seconds)
        idle = (server.cpu() - cpu) / idle_seconds
        threads = server.threads()
        connections_held = await asyncio.to_thread(_connections, [server])

        same, other = [await self._post(writer, room, posts, arrivals) for writer in writers]
        after = server.memory()
        lost = sum(screen.posts != 2 * posts for screen in screens)
        for screen in screens:
            screen.transport.abort()

        number = len(screens)
        each, at_last = ((bytes_now - memory) / number / 1024 for bytes_now in (opened, after))
        lines = [
            ("streams open", f"{number} on one process, opened in {opening:.1f} s ({number / opening:.0f} a second)"),
            ("memory a stream", f"{each:.1f} KB; after the posts {at_last:.1f} KB"),
            ("threads in all", threads),
            ("connections to the database", connections_held),
            ("idle", f"{idle * 100:.1f} % of a core"),
            ("from a POST's answer to the last screen", _percentiles(same)),
            ("... from the answer of another process", _percentiles(other)),
            ("screens that missed something", lost),
        ]
        for name, figure in lines:
            self.stdout.write(f"{name:<46}{figure}")

    async def _post(self, writer, room, posts, arrivals):
        """Write posts one after the other; return the milliseconds from each answer to the last screen, sorted."""
        latencies = []
        for number in range(posts):
            wait = arrivals.expect()
            status, answered = await writer.post(room.get_absolute_url(), {"body": f"post {number} to {writer.port}"})
            if status != 201:
                raise CommandError(f"a post was answered with {status}")
            last = await asyncio.wait_for(wait, 20)
            latencies.append(max(last - answered, 0) * 1000)
            await asyncio.sleep(GAP_SECONDS)
        return sorted(latencies)


def _percentiles(latencies):
    p99 = latencies[int(len(latencies) * 0.99)]
    number = len(latencies)
    return f"p50 {statistics.median(latencies):.0f} ms, p99 {p99:.0f} ms, worst {latencies[-1]:.0f} ms ({number} posts)"


class _Arrivals:
    """Counts screens that have seen the post that is expected."""

    def __init__(self, number):
        self.number = number
        self.missing = 0
        self.future = None

    def expect(self):
        self.missing = self.number
        self.future = asyncio.get_running_loop().create_future()
        return self.future

    def __call__(self, screen, when):
        self.missing -= 1
        if self.missing == 0:
            self.future.set_result(when)


def _connections(servers):
    """Return how many connections to the database the servers hold at this moment."""
    try:
        if connection.vendor == "sqlite":
            return sum(server.open_files("loadtest.sqlite3") for server in servers)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            else:
                cursor.execute("SELECT count(*) FROM information_schema.processlist WHERE db = database()")
            return cursor.fetchone()[0] - 1
    finally:
        connection.close()


def _people(number):
    """Make so many students, signed in; return their sessions' keys."""
    with transaction.atomic():
        people = User.objects.bulk_create(
            [
                User(username=f"pupil{n}", email=f"pupil{n}@school.example", password="!")  # noqa: S106
                for n in range(number)
            ]
        )
        add_to_common_room(people)
        return [_sign_in(person) for person in people]


def _sign_in(person):
    """Return the key of a new session of `person`."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


def _allow_files(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))
