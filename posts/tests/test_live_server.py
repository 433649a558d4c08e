"""Live streams and the production server."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.tests.factories import StudentFactory
from posts.models import Post, Room
from posts.tests.factories import PostFactory
from posts.tests.live import StreamClient, create_session
from posts.tests.live_server import DevelopmentServer, ProductionServer, Server, frequent_checks

pytestmark = pytest.mark.django_db(transaction=True)


def post_ids_in(events):
    return [int(event["html"].split('id="post-')[1].split('"')[0]) for event in events]


def hundred_sessions():
    """Return 100 sessions of ten users: each user can have 12 streams."""
    return [create_session(user) for user in StudentFactory.create_batch(10) for _session in range(10)]


def open_connections():
    """Return the ids of the connections to the test database on PostgreSQL. On other databases, the set is empty."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.guarantee("stop")
def test_sigterm_with_100_streams_and_posts_in_flight_loses_nothing(common_room, classmate, record_property):
    writer = create_session(classmate)
    with Server() as server, ThreadPoolExecutor(20) as pool:
        streams = list(pool.map(lambda session: StreamClient(server, session, common_room), hundred_sessions()))
        responses = []

        def write(number):
            try:
                responses.append(server.write(writer, f"during the stop {number}"))
            except OSError:
                responses.append(None)

        writing = [pool.submit(write, number) for number in range(30)]
        while 201 not in responses:
            time.sleep(0.01)
        duration = server.stop(signal.SIGTERM)
        for future in writing:
            future.result()
    record_property("figure", f"{duration:.1f} s with 100 streams and posts in flight")
    assert duration < 5
    assert all(stream.closed.wait(2) for stream in streams)
    assert "Traceback" not in server.read_output()
    written = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    assert len(written) >= responses.count(201) > 0

    with Server(port=server.port) as restarted:
        for stream in streams[:10]:
            before = post_ids_in(data for kind, data in stream.read_until_quiet(0.01) if kind == "posts")
            reconnected = StreamClient(restarted, stream.session, common_room, last_id=stream.last_id)
            after = post_ids_in(reconnected.posts(len(written) - len(before)))
            assert before + after == written
            reconnected.close()
    for stream in streams:
        stream.close()


@pytest.mark.parametrize(
    "create_server",
    [
        lambda: Server(),
        lambda: ProductionServer("--no-worker", "--workers", "2"),
        lambda: DevelopmentServer("manage.py", "runserver", "--no-worker", "--noreload"),
        lambda: DevelopmentServer("manage.py", "runserver", "--no-worker"),
    ],
    ids=["uvicorn", "serve", "runserver", "runserver with its reloader"],
)
def test_sigterm_ends_streams_immediately(common_room, student, open_stream, create_server):
    with create_server() as server:
        stream = open_stream(server, create_session(student), common_room)

        server.send_signal(signal.SIGTERM)

        assert stream.closed.wait(1)
        assert server.stop() < 5


def test_all_workers_on_one_port_stream(common_room, student, classmate, tmp_path):
    session = create_session(student)
    with ProductionServer("--no-worker", "--workers", "2") as server:
        with ThreadPoolExecutor(8) as pool:
            streams = list(pool.map(lambda _n: StreamClient(server, session, common_room), range(12)))

        assert server.write(create_session(classmate), "to both") == 201

        assert all("to both" in stream.next("posts", timeout=5)["html"] for stream in streams)
        assert server.stop() < 5
        for stream in streams:
            stream.close()


def test_serve_requires_debug_off(settings):
    settings.DEBUG = True

    with pytest.raises(CommandError, match="production"):
        call_command("serve")


def test_serve_repairs_newest_posts_and_ignores_forwarded_headers_without_a_proxy(common_room, student):
    post = PostFactory(room=common_room, author=student)
    Room.objects.update(newest_post=0)

    with ProductionServer("--no-worker", "--workers", "1", HTTPS="on") as server:
        assert Room.objects.get(pk=common_room.pk).newest_post == post.pk
        assert server.get("/login/", {"X-Forwarded-Proto": "https"})[0] == 301


def test_streams_share_one_thread_and_one_connection(common_room, student):
    others = open_connections()  # for example of a thread of an earlier test
    with Server(*frequent_checks(0.2)) as server:
        streams = [StreamClient(server, create_session(student), common_room) for _number in range(5)]

        def threads():
            with open(f"/proc/{server.process.pid}/status") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("Threads"))

        before = threads()
        with ThreadPoolExecutor(20) as pool:
            streams += list(pool.map(lambda session: StreamClient(server, session, common_room), hundred_sessions()))
        streams[-1].wait_for_heartbeats()
        after, connections = threads(), open_connections() - others
        for stream in streams:
            stream.close()

    assert {stream.status for stream in streams} == {200}
    assert after == before
    assert len(connections) == (1 if connection.vendor == "postgresql" else 0)
