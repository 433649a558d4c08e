"""Helpers for responses, HTML, concurrency and commands."""

import os
import re
import subprocess
import sys
import threading
import time

import html5lib
from django.conf import settings
from django.db import connection

from config.transactions import writing

FETCH = {"X-Requested-With": "fetch"}


def html_of(response):
    return response.content.decode()


def html_without_tokens(response, path):
    """Return the HTML of a response without tokens and the requested path, to compare two responses."""
    text = re.sub(r'name="(csrfmiddlewaretoken|token)" value="[\w-]+"', "", html_of(response))
    return text.replace(path, "PATH")


def parse_html(html, strict=True):
    """Parse HTML as a browser does. Raises ParseError for invalid HTML if `strict` is set."""
    builder = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False)
    return builder.parse(html)


def post_ids_in(html):
    """Return the ids of the posts on a page, in order."""
    return [int(number) for number in re.findall(r'data-post="(\d+)"', html)]


def find_row(html, post):
    """Return the HTML of the row of `post`."""
    return re.search(rf'<li class="[^"]*" id="post-{post.pk}".*?</li>', html, re.DOTALL)[0]


def run_concurrently(number, task):
    """Run `task(index)` in `number` threads that start together. Return the result or exception of each."""
    barrier, outcomes = threading.Barrier(number), [None] * number

    def run(index):
        try:
            barrier.wait(30)
            outcomes[index] = task(index)
        except Exception as error:  # checked by the test
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def run_benchmark(command, *arguments):
    """Run a benchmark command in a separate process and return its output. The command creates its own database.

    Fails if the command issues a warning.
    """
    result = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", command, *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def wait_until(condition, seconds=20):
    """Wait until `condition()` is true and return the time in seconds, or fail."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() < start + seconds, "the condition is not met"
        time.sleep(0.02)
    return time.monotonic() - start


def wait_until_blocked(thread):
    """Wait until `thread` waits for a lock of this transaction, and fail if it finishes instead.

    PostgreSQL and MariaDB list blocked transactions. On SQLite, a writer waits for the other one.
    """
    queries = {
        "postgresql": "SELECT COUNT(*) FROM pg_locks WHERE NOT granted",
        "mysql": "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    }
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            if connection.vendor == "sqlite":
                if _waits_for_writer(thread):
                    return
            else:
                cursor.execute(queries[connection.vendor])
                if cursor.fetchone()[0]:
                    return
            assert thread.is_alive(), "the other transaction did not wait"
            assert time.monotonic() < deadline, "the other transaction neither waits nor ends"
            time.sleep(0.01 if connection.vendor == "sqlite" else 0.15)  # MariaDB refreshes this table every 0.1 s


def _waits_for_writer(thread):
    """Return whether `thread` is in `writing`, which waits for the lock that this thread has on SQLite."""
    frame = sys._current_frames().get(thread.ident)
    return frame is not None and frame.f_code is writing.__wrapped__.__code__
