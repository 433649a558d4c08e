"""The measurement under load: that it runs on a small site, says what it found, and measures what it says."""

import asyncio
import os
import re

import pytest
from django.core.management import CommandError, call_command

from posts.benchmark.load import Load, drive, telling_worker
from posts.tests.support import run_measuring


def figures(printed, name):
    """Return the numbers behind the first line that begins with `name`."""
    line = next(line for line in printed.splitlines() if line.startswith(name))
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", line.removeprefix(name))]


@pytest.fixture(scope="module")
def printed():
    """What a run on a tiny site prints, of pages and of streams."""
    pages = ["--rows", "600", "--first", "300", "--seconds", "0.2"]
    return run_measuring("loadtest", *pages, "--streams", "30", "--posts", "10", "--idle", "0.5")


@pytest.mark.parametrize(
    "name",
    [
        "conversation, 25 posts",
        "  fixed page of as many bytes",
        "  Flask page",
        "  on a site of 300 posts",
        "deepest page",
        "unread count",
        "writing a plain post, 20 writers",
        "writing a post that mentions two",
    ],
)
def test_table_has_a_rate_and_a_cost_for_each_page(printed, name):
    rate, cpu, *_against = figures(printed, name)

    assert rate > 0
    assert cpu > 0


def test_ratios_follow_from_the_rates(printed):
    page, fixed = (figures(printed, name) for name in ("conversation, 25 posts", "  fixed page of as many bytes"))

    assert fixed[2] == pytest.approx(page[0] / fixed[0], abs=0.02)
    assert fixed[3] == pytest.approx(fixed[1] / page[1], abs=0.02)


def test_nothing_written_under_load_is_lost(printed):
    assert "refused 0; answered and not there: 0" in printed


def test_streams_are_counted_and_none_misses_a_post(printed):
    assert figures(printed, "streams open")[0] == 30
    assert figures(printed, "memory a stream")
    assert figures(printed, "from a POST's answer to the last screen")
    assert figures(printed, "screens that missed something") == [0]


def test_one_database_is_not_measured_twice():
    with pytest.raises(CommandError, match="--only"):
        call_command("loadtest", database="sqlite:////nowhere.sqlite3")


def test_loads_add_up():
    first, second = Load(rate=100, cpu=2, answers=100, bad=1), Load(rate=50, cpu=4, answers=100, bad=0)

    together = Load.of([first, second])

    assert together == Load(rate=pytest.approx(200 / 3), cpu=3, answers=200, bad=1)


def test_answers_that_were_not_wanted_are_counted():
    load, _where = asyncio.run(_against(status=503))

    assert load.answers == load.bad > 0


def test_each_process_of_a_server_gets_as_many_connections():
    load, where = asyncio.run(_against(status=200))

    assert load.bad == 0
    assert [len(connections) for connections in where.values()] == [4, 4]


async def _against(status):
    """Drive eight connections to two "processes" behind one port; return the Load, and who spoke to which."""
    where = {"1": set(), "2": set()}

    async def serve(reader, writer):
        # Unfair as a real one: the first takes three of four connections.
        serve.number += 1
        mine = "2" if serve.number % 4 == 0 else "1"
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b"/worker/" in head:
                answer, body = b"200 OK", mine.encode()
            else:
                where[mine].add(writer)
                answer, body = str(status).encode() + b" Whatever", b"body"
            writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (answer, len(body), body))

    serve.number = 0

    class Fake:
        def processes(self):
            return [1, 2]

        def cpu(self):
            return 0.0

    async def quietly(reader, writer):
        try:
            await serve(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(quietly, "127.0.0.1", 0)
    async with listening:
        server = Fake()
        server.port = listening.sockets[0].getsockname()[1]
        load = await drive(server, [[b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]] * 8, 0.2)
    return load, where


def test_application_says_which_process_it_runs_in():
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(telling_worker(None)({"type": "http", "path": "/worker/"}, None, send))

    assert sent[1]["body"] == str(os.getpid()).encode()
