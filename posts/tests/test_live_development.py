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
from posts.tests.live import session_of
from posts.tests.live_server import Development, Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_development_server_streams(transactional_db, common_room, student, classmate, listen):
    assert get_commands()["runserver"] == "posts"
    with Development("manage.py", "runserver", "--noreload") as server:
        stream = listen(server, session_of(student), common_room)

        actions.write_post(classmate, common_room, "under runserver")

        assert "under runserver" in stream.next("posts")["html"]
        assert server.get("/static/js/live.js")[0] == 200
        assert server.stop(signal.SIGINT) < 5
    assert "Starting development server at" in server.said()


def test_make_run_streams_on_a_fresh_copy(tmp_path, listen):
    """What a newcomer types, in a folder that holds no database and no `.env`; the packages are those of the tests."""
    folder = tmp_path / "homeroom"
    shutil.copytree(settings.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "media"))
    (folder / ".venv").symlink_to(sys.prefix)
    with MakeRun(folder) as server:
        # As the start says: a demo student, by the form.
        cookie = server.sign_in("sam", "paper-planes-42")
        stream = listen(server, cookie, Room(pk=1))

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
