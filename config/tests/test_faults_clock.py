"""The clock is set forward or back while the server runs. Requires faketime, which changes the clock of a process."""

import shutil
import time
from pathlib import Path

import pytest
from django.db import connection

from config.tests.faults import Site

PAGE = "/rooms/common/"
STEPS = {"an hour back": -3600, "an hour forward": 3600}
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(not LIBRARIES, reason="faketime is not installed"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="The database does not matter"),
]


class Clock:
    """The clock of a server, as an offset in seconds in a file."""

    def __init__(self, file):
        self.file = file
        self.set(0)
        # Not the monotonic clock, which does not change when the clock is set.
        self.env = {
            "LD_PRELOAD": str(LIBRARIES[-1]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset):
        self.file.write_text(f"{offset:+d}\n")


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    return Clock(tmp_path_factory.mktemp("clock") / "offset")


@pytest.fixture(scope="module")
def site(clock, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with Site(f"sqlite:///{folder}/site.sqlite3", **clock.env).prepare() as site:
        yield site
    shutil.rmtree(folder)


@pytest.mark.guarantee("faults")
@pytest.mark.parametrize("step", STEPS)
def test_users_stay_signed_in_and_receive_posts(site, clock, open_stream, step, record_property):
    stream = open_stream(site, site.sessions[1], site.common_room)
    clock.set(STEPS[step])
    start = time.monotonic()

    assert site.request(PAGE, {"body": f"It is {step}"}).status == 302
    assert site.request(PAGE, session=1).status == 200
    while f"It is {step}" not in stream.next("posts", timeout=5)["html"]:
        pass
    stream.wait_for_heartbeats()

    record_property("figure", f"clock {step}: signed in, post delivered, {time.monotonic() - start:.1f} s")


def test_waiting_time_after_failed_sign_ins_has_a_limit_when_the_clock_is_set_back(site, clock):
    clock.set(0)
    fields = {"username": "sam", "password": "wrong password"}
    replies = [site.request("/login/", fields, session=None) for _attempt in range(6)]
    assert [reply.status for reply in replies] == [200] * 5 + [429]

    clock.set(-3600)

    assert int(site.request("/login/", fields, session=None).headers.get("Retry-After", 0)) <= 300
