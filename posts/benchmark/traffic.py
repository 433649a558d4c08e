"""Cost of pages compared with the fixed page, and of posts that 20 users write concurrently."""

import asyncio
import uuid
from contextlib import ExitStack
from itertools import count

from django.db import connections as databases

from accounts.models import Role, User
from posts.benchmark import fixed_page
from posts.benchmark.clients import Load, build_request, send_requests
from posts.benchmark.fill import Filler
from posts.benchmark.pages import PAGES, READER, headers, headers_of
from posts.benchmark.server import MeasuredServer
from posts.models import Post

FIRST_POSTS = 10_000
ROUNDS = 6  # alternations between a page and the fixed page
WRITERS = 20
RATE_TARGET, LATENCY_TARGET = 150, 250  # posts per second; milliseconds (p99)


def measure_traffic(write_line, posts, seconds, processes, connections):
    """Fill the database with `posts` posts, start `processes` servers, and measure.

    Passes each line of the result to `write_line`. Each page and the fixed page are requested for `seconds`, over
    `connections`.
    """
    filler = Filler(min(FIRST_POSTS, posts))
    filler.grow_to(posts)
    reader = User.objects.get(username=READER)
    page_headers, fixed_headers = headers_of(reader), headers(fixed_page.create_session(reader))
    students = User.objects.filter(role=Role.STUDENT, is_active=True, must_change_password=False)
    writers = list(students.exclude(pk=reader.pk).order_by("pk")[:WRITERS])
    writer_headers = [headers_of(writer) for writer in writers]
    mentions = " and ".join(f"@{writer.username}" for writer in writers[:2])
    newest = Post.objects.latest("pk").pk
    databases.close_all()

    with ExitStack() as stack:
        servers = [stack.enter_context(MeasuredServer()) for _number in range(processes)]
        write_line(f"{'page':<20}{'per second':>11}{'CPU ms':>8}{'fixed':>8}{'ratio':>7}{'target':>8}")
        for page in PAGES:
            measured, fixed = asyncio.run(
                _measure_page(servers, page, page_headers, fixed_headers, seconds, connections)
            )
            ratio = measured.cpu_ms / fixed.cpu_ms
            write_line(
                f"{page.name:<20}{measured.rate:>11.0f}{measured.cpu_ms:>8.2f}{fixed.cpu_ms:>8.2f}{ratio:>7.2f}"
                f"{page.target:>8}  {'met' if ratio <= page.target else 'missed'}"
            )
        body = f"Have you got the book, {mentions}?"
        sources = [_create_posts(sent, body) for sent in writer_headers]
        load = asyncio.run(send_requests(servers, sources, seconds, expected=302))
    lost = len(load.latencies) - load.refused - Post.objects.filter(pk__gt=newest).count()
    _write_posting(write_line, load, lost)


def _write_posting(write_line, load, lost):
    p99 = load.latency_ms(0.99)
    is_met = load.rate >= RATE_TARGET and p99 <= LATENCY_TARGET and not lost and not load.refused
    write_line(f"\n{WRITERS} writers, two mentions in each post")
    write_line(f"posts per second    {load.rate:.0f} (target {RATE_TARGET})")
    write_line(f"CPU ms              {load.cpu_ms:.2f}")
    write_line(f"latency             p50 {load.latency_ms(0.5):.0f} ms, p99 {p99:.0f} ms (target {LATENCY_TARGET} ms)")
    write_line(f"refused             {load.refused}")
    write_line(f"lost                {lost}")
    write_line("target met" if is_met else "target missed")


async def _measure_page(servers, page, page_headers, fixed_headers, seconds, connections):
    """Return the Load of the page and that of the fixed page. Requests alternate between them."""
    requests = [build_request(page.path, page_headers), build_request(fixed_page.PATH, fixed_headers)]
    loads = [Load(), Load()]
    for turn in range(ROUNDS + 1):
        for place in (0, 1) if turn % 2 else (1, 0):
            sources = [lambda place=place: requests[place]] * connections
            load = await send_requests(servers, sources, seconds / ROUNDS)
            if load.refused:
                raise RuntimeError(f"{load.refused} requests failed: {page.path}")
            if turn:  # the first round is a warm-up
                loads[place] += load
    return loads


def _create_posts(sent_headers, body):
    """Return a function that returns the request for a new post each time."""
    numbers = count()
    return lambda: build_request(
        PAGES[0].path, sent_headers, {"body": f"{body} {next(numbers)}", "token": uuid.uuid4()}
    )
