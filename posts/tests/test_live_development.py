"""Live streams and the development server."""

import http.client
import os
import shutil
import signal
import sys
import urllib.parse
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.core.management import get_commands

from posts import actions
from posts.models import Room
from posts.tests.live import create_session
from posts.tests.live_server import DevelopmentServer, Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_development_server_streams(transactional_db, common_room, student, classmate, open_stream):
    assert get_commands()["runserver"] == "posts"
    with DevelopmentServer("manage.py", "runserver", "--no-worker", "--noreload") as server:
        stream = open_stream(server, create_session(student), common_room)

        actions.write_post(classmate, common_room, "under runserver")

        assert "under runserver" in stream.next("posts")["html"]
        assert server.get("/static/js/live.js")[0] == 200
        assert server.stop(signal.SIGINT) < 5
    assert "Starting development server at" in server.read_output()


def test_make_run_streams_in_a_fresh_copy(tmp_path, open_stream):
    """The copy has no database and no `.env`, and uses the packages of the tests."""
    folder = tmp_path / "homeroom"
    shutil.copytree(settings.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "media"))
    (folder / ".venv").symlink_to(sys.prefix)
    with MakeRun(folder) as server:
        # The demo student from the output of `make run`.
        cookie = server.sign_in("sam", "paper-planes-42")
        stream = open_stream(server, cookie, Room(pk=1))

        assert server.write(cookie, "written under make run") == 201

        while "written under make run" not in stream.next("posts")["html"]:
            pass  # skip the demo posts
        assert server.stop(signal.SIGINT) < 5


class MakeRun(Server):
    """A server started with `make run` in a folder."""

    start_timeout = 60

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.env = {name: value for name, value in self.env.items() if name in ("PATH", "HOME", "LANG")}

    def arguments(self):
        return ["make", "run", f"PORT={self.port}"]

    def send_signal(self, number):
        # Ctrl-C in a terminal signals the whole process group.
        os.killpg(self.process.pid, number)

    def sign_in(self, username, password):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        token = "a" * 32
        fields = urllib.parse.urlencode({"username": username, "password": password, "csrfmiddlewaretoken": token})
        headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
        client.request("POST", "/login/", fields, headers)
        response = client.getresponse()
        response.read()
        client.close()
        cookies = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie"):
            cookies.load(line)
        return cookies["sessionid"].value
