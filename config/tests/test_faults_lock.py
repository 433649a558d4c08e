"""Another program locks the database, or a row of it."""

import contextlib
import sqlite3

import pytest
from django.db import connection, transaction

from config.tests.faults import Site
from config.tests.outages import retry_form
from posts.models import Post, Room
from posts.tests.live import create_session
from posts.tests.live_server import database_url

PAGE = "/rooms/common/"

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@contextlib.contextmanager
def locked_room():
    """Lock the common room, or all of a SQLite database."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
        return
    with transaction.atomic():
        Room.objects.select_for_update().get(slug="common")
        yield


@pytest.mark.guarantee("faults")
@pytest.mark.guarantee("typed-text")
def test_lock_delays_posts_by_at_most_three_seconds(student, record_property):
    with Site(database_url()) as site:
        site.sessions = [create_session(student)]
        with locked_room():
            fields = {"body": "Is anyone there?", "token": "1" * 32}
            replies = site.request_at_once(*[(PAGE, fields)] * 20, (PAGE, None))
            page, posts = replies.pop(), replies
        recovery = site.seconds_to_recover()
        url, fields = retry_form(posts[-1])
        assert site.request(url, dict(fields)).status == 302

    slowest = max(reply.seconds for reply in posts)
    assert page.status == 200
    assert {reply.status for reply in posts} == {503}
    assert slowest < 3
    assert recovery < 5
    assert Post.objects.count() == 1
    assert "Traceback" not in site.read_output()
    record_property("figure", f"{connection.vendor}: status 503 after {slowest:.1f} s, recovery after {recovery:.1f} s")
