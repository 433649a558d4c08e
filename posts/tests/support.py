"""What several test files ask of an answer."""

import os
import re
import subprocess
import sys
import threading
import time

import html5lib
from django.conf import settings
from django.db import connection

FETCH = {"X-Requested-With": "fetch"}


def html_of(response):
    """Return the text of a page."""
    return response.content.decode()


def html_without_tokens(response, path):
    """Return the text of a page without what tells two requests apart: tokens and the address asked for."""
    text = re.sub(r'name="(csrfmiddlewaretoken|token)" value="[\w-]+"', "", html_of(response))
    return text.replace(path, "PATH")


def parse_html(html, strict=True):
    """Parse a page as a browser does; with `strict`, refuse one that is not valid."""
    builder = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False)
    return builder.parse(html)


def post_ids_in(html):
    """List the ids of the posts on a page, from top to bottom."""
    return [int(number) for number in re.findall(r'data-post="(\d+)"', html)]


def find_row(html, post):
    """Return the markup of one post's row."""
    return re.search(rf'<li class="[^"]*" id="post-{post.pk}".*?</li>', html, re.DOTALL)[0]


def run_concurrently(number, task):
    """Run `task(index)` in `number` threads that start together; return what each returned or raised."""
    gate, outcomes = threading.Barrier(number), [None] * number

    def run(index):
        try:
            gate.wait(30)
            outcomes[index] = task(index)
        except Exception as problem:  # the test looks at it
            outcomes[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def run_benchmark(command, *arguments):
    """Run a command that measures, which makes a database of its own, in a process of its own; return what it prints.

    It fails where the command warns.
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


def wait_until_blocked(thread, seconds=0.5):
    """Wait until `thread` waits for a lock of this transaction, and fail if it finishes instead.

    PostgreSQL and MariaDB show who waits; on SQLite a writer always waits for the other one.
    """
    queries = {
        "postgresql": """
            SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
        """,
        "mysql": "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    }
    if connection.vendor not in queries:
        thread.join(seconds)
        assert thread.is_alive(), "the other transaction did not wait"
        return
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute(queries[connection.vendor])
            if cursor.fetchone()[0]:
                return
            assert thread.is_alive(), "the other transaction did not wait"
            assert time.monotonic() < deadline, "the other transaction neither waits nor ends"
