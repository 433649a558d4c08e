"""Tests of `manage.py loadtest` on a small site."""

import asyncio
import re
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from posts.benchmark.clients import Load, send_requests
from posts.benchmark.pages import PAGES
from posts.tests.support import run_benchmark


def figures(output, name):
    """Return the numbers in the first line that begins with `name`, without the name."""
    line = next(line for line in output.splitlines() if line.startswith(name))
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\.?\d*", line.removeprefix(name))]


@pytest.fixture(scope="module")
def output():
    """The output of a run with pages and streams."""
    pages = ["--rows", "600", "--seconds", "0.05", "--workers", "1", "--connections", "1"]
    viewers = ["--viewers", "20", "--viewing", "0.4", "--every", "0.1"]
    return run_benchmark("loadtest", *pages, *viewers, "--streams", "30", "--posts", "10", "--idle", "0.1")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_page_has_rate_cost_and_target(output, page):
    rate, cpu, fixed, ratio, target = figures(output, f"{page.name} ")

    assert rate > 0
    assert cpu > 0
    assert fixed > 0
    assert ratio > 0
    assert target == page.target


def test_no_post_is_refused_or_lost_under_load(output):
    assert figures(output, "posts per second")[0] > 0
    assert figures(output, "refused") == [0]
    assert figures(output, "lost") == [0]


def test_streams_are_counted_and_none_misses_a_post(output):
    assert figures(output, "streams open")[0] == 30
    assert figures(output, "memory per stream")
    assert figures(output, "from a POST response to the last stream")
    assert figures(output, "streams that missed a post") == [0]


def test_viewers_and_their_read_marks_are_measured(output):
    assert figures(output, "20 viewers of a room") == [0.1, 0.4]
    assert len(figures(output, "without read marks")) == 5
    assert len(figures(output, "with read marks")) == 5
    assert figures(output, "read marks")[1] == 0


def test_database_is_not_used_for_two_measurements():
    with pytest.raises(CommandError, match="--only"):
        call_command("loadtest", database="sqlite:////nowhere.sqlite3")


def test_loads_add_up():
    load = Load(1, 0.2, [0.01] * 99, 1) + Load(1, 0.3, [0.5], 0)

    assert load.rate == 50
    assert load.cpu_ms == 5
    assert load.latency_ms(0.5) == 10
    assert load.latency_ms(1) == 500
    assert load.refused == 1


@pytest.mark.parametrize(("status", "is_refused"), [(200, False), (503, True)])
def test_connections_are_distributed_and_errors_counted(status, is_refused):
    load, connections = asyncio.run(_send_to_two_servers(status))

    assert load.refused == (len(load.latencies) if is_refused else 0)
    assert len(load.latencies) >= 8
    assert sorted(connections.values()) == [4, 4]


async def _send_to_two_servers(status):
    """Send requests over 8 connections to two servers; return the Load and the connections of each server."""
    connections = Counter()

    class Server:
        async def __aenter__(self):
            self.server = await asyncio.start_server(self.respond, "127.0.0.1", 0)
            self.port = self.server.sockets[0].getsockname()[1]
            return self

        async def __aexit__(self, *error):
            self.server.close()

        def cpu(self):
            return 0.0

        async def respond(self, reader, writer):
            connections[self.port] += 1
            try:
                while await reader.readuntil(b"\r\n\r\n"):
                    writer.write(b"HTTP/1.1 %d Status\r\nContent-Length: 4\r\n\r\nbody" % status)
            except asyncio.IncompleteReadError:
                writer.close()

    async with Server() as first, Server() as second:
        load = await send_requests([first, second], [lambda: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"] * 8, 0.1)
    return load, connections
