"""The server that streams: stopping, going on, Redis coming and going, development and production starts."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from posts import actions, transports
from posts.models import Post
from posts.tests.live import Listener, Server, free_port, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def ids_in(events):
    return [int(event["html"].split('id="post-')[1].split('"')[0]) for event in events]


def test_server_stops_within_5_seconds_of_a_term_with_100_streams_and_nothing_is_lost(
    server, common_room, student, classmate
):
    session, writer = session_of(student), session_of(classmate)
    with ThreadPoolExecutor(20) as pool:
        streams = list(pool.map(lambda _n: Listener(server, session, f"{common_room.pk}.0"), range(100)))
        answers = []

        def write(number):
            try:
                answers.append(server.write(writer, f"while it stops {number}"))
            except OSError:
                answers.append(None)

        writing = [pool.submit(write, number) for number in range(30)]
        time.sleep(0.3)
        took = server.stop(signal.SIGTERM)
        for each in writing:
            each.result()
    assert took < 5
    assert all(stream.closed.wait(2) for stream in streams)
    assert "Traceback" not in server.said()
    written = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    assert len(written) >= answers.count(201) > 0

    with Server(port=server.port) as again:
        for stream in streams[:10]:
            before = ids_in(data for kind, data in stream.rest(0.01) if kind == "posts")
            back = Listener(again, session, last_id=stream.last_id)
            after = ids_in(back.posts(len(written) - len(before)))
            assert before + after == written
            back.close()
    for stream in streams:
        stream.close()


def test_several_workers_behind_one_port_all_stream(common_room, student, classmate, tmp_path):
    command = ("manage.py", "serve", "--workers", "2", "--no-static")
    session = session_of(student)
    with Server(*command, DEBUG="off") as server:
        with ThreadPoolExecutor(8) as pool:
            streams = list(pool.map(lambda _n: Listener(server, session, f"{common_room.pk}.0"), range(12)))

        assert server.write(session_of(classmate), "to both") == 201

        assert all("to both" in stream.next("posts", within=5)["html"] for stream in streams)
        assert server.stop() < 5
        for stream in streams:
            stream.close()


def test_serve_refuses_to_run_for_development(settings):
    settings.DEBUG = True

    with pytest.raises(CommandError, match="real site"):
        call_command("serve")


def test_serve_takes_the_place_of_a_killed_server_and_of_no_other(settings, tmp_path, monkeypatch):
    settings.DEBUG = False
    served = []
    monkeypatch.setattr("uvicorn.run", lambda *args, **kwargs: served.append(kwargs["uds"]))
    monkeypatch.chdir(tmp_path)  # the path of a socket has room for few letters
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        listener.listen()
        with pytest.raises(CommandError, match="already"):
            call_command("serve", "--socket", "s", "--no-static", skip_checks=True)
    Path("not-a-socket").touch()

    call_command("serve", "--socket", "s", "--no-static", skip_checks=True)
    call_command("serve", "--socket", "not-a-socket", "--no-static", skip_checks=True)

    assert served == ["s", "not-a-socket"]
    assert not Path("s").exists()
    assert Path("not-a-socket").exists()


def test_development_server_streams(transactional_db, common_room, student, classmate, listen):
    assert get_commands()["runserver"] == "posts"
    with Development("manage.py", "runserver", "--noreload") as server:
        stream = listen(server, session_of(student), f"{common_room.pk}.0")

        actions.write_post(classmate, common_room, "under runserver")

        assert "under runserver" in stream.next("posts")["html"]
        assert server.get("/static/js/live.js")[0] == 200
        assert server.stop(signal.SIGINT) < 5
    assert "Starting development server at" in server.said()


@pytest.mark.once
def test_make_run_streams_on_a_fresh_copy(tmp_path, listen):
    """What a newcomer types, in a folder that holds no database and no `.env`; the packages are those of the tests."""
    folder = tmp_path / "homeroom"
    shutil.copytree(settings.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "media"))
    (folder / ".venv").symlink_to(sys.prefix)
    with MakeRun(folder) as server:
        # As the start says: a demo student, by the form.
        cookie = server.sign_in("sam", "paper-planes-42")
        stream = listen(server, cookie, "1.0")

        assert server.write(cookie, "written under make run") == 201

        while "written under make run" not in stream.next("posts")["html"]:
            pass  # what was there before
        assert server.stop(signal.SIGINT) < 5


class MakeRun(Server):
    """`make run` in a folder."""

    patience = 60

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.env = {name: value for name, value in self.env.items() if name in ("PATH", "HOME", "LANG")}

    def arguments(self):
        return ["make", "run", f"PORT={self.port}"]

    def interrupt(self, number):
        # As a terminal does at Ctrl-C: to make and to all that it started.
        os.killpg(self.process.pid, number)

    def sign_in(self, username, password):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        token = "a" * 32
        fields = urllib.parse.urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token})
        headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
        link.request("POST", "/login/", fields, headers)
        answer = link.getresponse()
        answer.read()
        link.close()
        cookies = SimpleCookie()
        for line in answer.headers.get_all("Set-Cookie"):
            cookies.load(line)
        return cookies["sessionid"].value


def test_processes_that_cannot_tell_each_other_find_it_themselves(common_room, student, classmate, listen, tmp_path):
    # No socket has so long an address.
    nowhere = str(tmp_path / ("deep" * 30))
    with Server(LIVE_DIR=nowhere) as one, Server(LIVE_DIR=nowhere) as other:
        stream = listen(other, session_of(student), f"{common_room.pk}.0")

        assert one.write(session_of(classmate), "across") == 201

        assert "across" in stream.next("posts", within=8)["html"]
    assert not Path(nowhere).exists()


class Development(Server):
    def arguments(self):
        return [sys.executable, *self.command, f"127.0.0.1:{self.port}"]


# --- Redis -------------------------------------------------------------------------------------------------


class Redis:
    """A Redis of the test's own, to be stopped and hung."""

    def __init__(self, folder):
        self.port, self.folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/5"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if subprocess.run(["redis-cli", "-p", str(self.port), "ping"], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)

    def stop(self, number=signal.SIGKILL):
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(number)
        self.process.wait(5)


@pytest.fixture
def redis(tmp_path):
    if not shutil.which("redis-server"):
        pytest.skip("no Redis on this machine")
    redis = Redis(tmp_path)
    redis.start()
    yield redis
    if redis.process.poll() is None:
        redis.stop()


@pytest.fixture
def far_apart(common_room, redis, tmp_path):
    """Two servers that share nothing but the database and Redis, as on two machines."""
    with (
        Server(REDIS_URL=redis.url, LIVE_DIR=str(tmp_path / "a")) as one,
        Server(REDIS_URL=redis.url, LIVE_DIR=str(tmp_path / "b")) as other,
    ):
        time.sleep(0.5)
        yield one, other


def arrival(server, stream, session, body):
    began = time.monotonic()
    assert server.write(session, body) == 201
    answered = time.monotonic() - began
    assert body in stream.next("posts", within=8)["html"]
    return answered, time.monotonic() - began


def test_post_travels_between_machines_by_redis(far_apart, common_room, student, classmate, listen):
    one, other = far_apart
    writer = session_of(classmate)
    stream = listen(other, session_of(student), f"{common_room.pk}.0")

    arrivals = [arrival(one, stream, writer, f"post {number}")[1] for number in range(5)]

    # The sweep finds a post in two seconds; by Redis, five take less than that.
    assert sum(arrivals) < 2


def test_redis_killed_hung_and_back_only_delays(far_apart, redis, common_room, student, classmate, listen):
    one, other = far_apart
    writer = session_of(classmate)
    stream = listen(other, session_of(student), f"{common_room.pk}.0")
    arrival(one, stream, writer, "while it lives")

    redis.stop()
    answered, arrived = arrival(one, stream, writer, "while it is dead")
    assert answered < 1.5
    assert arrived < 5

    redis.start()
    time.sleep(6)
    arrivals = [arrival(one, stream, writer, f"back {number}")[1] for number in range(5)]
    assert sum(arrivals) < 2

    redis.process.send_signal(signal.SIGSTOP)
    answered, arrived = arrival(one, stream, writer, "while it hangs")
    assert answered < 1.5
    assert arrived < 5

    redis.process.send_signal(signal.SIGCONT)
    time.sleep(6)
    arrivals = [arrival(one, stream, writer, f"again {number}")[1] for number in range(5)]
    assert sum(arrivals) < 2
    assert stream.rest(0.2) == []
    assert "Traceback" not in one.said() + other.said()


# --- Between processes of one machine ---------------------------------------------------------------------


def test_socket_of_a_killed_process_is_taken_away(server, common_room, classmate, settings):
    folder = transports._folder()
    before = set(folder.iterdir())
    with Server() as other:
        left_behind = set(folder.iterdir()) - before
        assert len(left_behind) == 1
        other.stop(signal.SIGKILL)
    assert left_behind < set(folder.iterdir())

    actions.write_post(classmate, common_room, "anybody there?")

    assert not left_behind & set(folder.iterdir())


def test_stream_holds_no_thread_and_no_connection(server, common_room, student, classmate):
    session = session_of(student)
    streams = [Listener(server, session, f"{common_room.pk}.0") for _ in range(5)]

    def threads():
        with open(f"/proc/{server.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("Threads"))

    before = threads()
    with ThreadPoolExecutor(20) as pool:
        streams += list(pool.map(lambda _n: Listener(server, session, f"{common_room.pk}.0"), range(100)))
    time.sleep(0.5)

    # The hub's own few threads at the most.
    assert threads() - before <= 4
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            assert cursor.fetchone()[0] <= 2
    for stream in streams:
        stream.close()
