"""Exports that run at the same time as other requests."""

import json
import threading

import pytest

from accounts import privacy
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from config.tests.threads import in_thread
from posts.actions import write_post
from posts.models import Post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def during_export(monkeypatch):
    """Return a list of functions that run after the first half of an export."""
    functions, export = [], privacy.export

    def export_and_run(user):
        data = export(user)
        while functions:
            functions.pop()()
        return data

    monkeypatch.setattr(privacy, "export", export_and_run)
    return functions


@pytest.mark.guarantee("readers")
def test_writers_do_not_wait_and_the_export_is_a_snapshot(client_for, student, common_room, during_export):
    write_post(student, common_room, "Before")

    def write():
        thread = in_thread(lambda: write_post(student, common_room, "Meanwhile"))
        thread.join(10)
        assert not thread.is_alive()

    during_export.append(write)
    data = json.loads(client_for(student).post("/account/export/").content)

    assert [post["body"] for post in data["posts"]] == ["Before"]
    assert Post.objects.count() == 2
    write_post(student, common_room, "After")  # the connection is not in a transaction


def test_second_export_of_a_user_is_refused_while_one_is_running(client_for, student, during_export):
    other, responses = StudentFactory(), []
    running, finish = threading.Event(), threading.Event()

    def wait():
        running.set()
        finish.wait(30)

    during_export.append(wait)
    thread = in_thread(lambda: responses.append(client_for(student).post("/account/export/")))
    running.wait(30)
    refused = client_for(student).post("/account/export/")
    other_user = client_for(other).post("/account/export/")
    finish.set()
    thread.join(30)

    assert [response.status_code for response in (*responses, refused, other_user)] == [200, 429, 200]
    assert "Your data is being prepared already" in Page(refused).text()
    assert client_for(student).post("/account/export/").status_code == 200


def test_failed_export_does_not_block_the_next_one(client_for, student, during_export):
    client = client_for(student)
    client.raise_request_exception = False
    during_export.append(lambda: 1 / 0)

    assert [client.post("/account/export/").status_code for _attempt in range(2)] == [500, 200]
