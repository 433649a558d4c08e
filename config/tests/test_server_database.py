"""The limits of the time that servers wait for the database."""

import socket
import subprocess

import pytest

from config.server.database import limit_waiting, send_keepalives
from config.tests.faults import Site
from posts.tests.live_server import DevelopmentServer


@pytest.fixture(params=["postgres", "mysql"])
def silent_database(request):
    """The URL of a database server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"{request.param}://root@127.0.0.1:{server.getsockname()[1]}/school"


@pytest.mark.faults
@pytest.mark.guarantee("faults")
def test_server_starts_while_the_database_hangs(silent_database):
    with Site(silent_database, "--workers", "1", "--no-worker") as site:
        page = site.request("/login/student/", session=None)

    assert page.status in (200, 503)
    assert "The database does not respond" in site.read_output()
    assert "Traceback" not in site.read_output()


@pytest.mark.faults
def test_development_server_ends_if_the_database_hangs(silent_database):
    server = DevelopmentServer("manage.py", "runserver", "--noreload", DATABASE_URL=silent_database)

    assert subprocess.run(server.arguments(), env=server.env, capture_output=True, timeout=30).returncode == 1


@pytest.mark.parametrize("calls", [1, 2])
def test_limits_preserve_options_in_the_url_of_the_database(calls):
    database = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c search_path=school"}}

    for _call in range(calls):
        limit_waiting(database)

    assert database["OPTIONS"]["options"].startswith("-c search_path=school -c lock_timeout=2000 ")
    assert database["OPTIONS"]["connect_timeout"] == 2


def test_worker_detects_a_database_machine_that_has_disappeared_but_has_no_time_limits():
    database = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {}}

    send_keepalives(database)

    assert database["OPTIONS"] == {"keepalives_idle": 5, "keepalives_interval": 1, "keepalives_count": 3}
