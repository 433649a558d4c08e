"""PostgreSQL hangs (its processes are suspended, so that not even its time limits work), stops or is read-only."""

import tempfile
import threading
import time

import pytest

from config.tests.faults import Cluster, Site, find_program
from config.tests.outages import retry_form

PAGE = "/rooms/common/"
POST = {"body": "Is anyone there?", "token": "1" * 32}

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(find_program("initdb") is None, reason="PostgreSQL is not installed"),
]


@pytest.fixture(scope="module")
def cluster():
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(folder).start()
        yield cluster
        cluster.resume()
        cluster.stop()


@pytest.fixture(scope="module")
def site(cluster):
    with Site(cluster.url).prepare() as site:
        yield site


@pytest.fixture
def hang(cluster, site):
    """Stop the database while all threads of the server have a connection."""
    assert {reply.status for reply in site.request_at_once(*[(PAGE,)] * 12)} == {200}
    cluster.suspend()
    yield
    cluster.resume()


@pytest.mark.guarantee("faults")
@pytest.mark.guarantee("typed-text")
def test_hung_database_delays_pages_by_at_most_three_seconds(site, cluster, hang, record_property):
    seconds = []
    for _round in range(2):  # the second time, all threads are busy
        replies = site.request_at_once(*[(PAGE,)] * 20, *[(PAGE, POST)] * 20)
        assert {reply.status for reply in replies} == {503}
        assert {reply.headers["Retry-After"] for reply in replies} == {"5"}
        seconds += [reply.seconds for reply in replies]

    assert "The site isn't available right now" in replies[0].text.replace("&#x27;", "'")
    assert POST["body"] in replies[-1].text
    cluster.resume()
    recovery = site.seconds_to_recover()
    url, fields = retry_form(replies[-1])
    assert site.request(url, dict(fields)).status == 302
    assert site.request(PAGE).text.count(POST["body"]) == 1  # of 40 hung requests and a retry
    assert max(seconds) < 3
    assert recovery < 5
    record_property("figure", f"page with status 503 after {max(seconds):.1f} s, recovery after {recovery:.1f} s")


@pytest.mark.guarantee("hang")
def test_hung_database_does_not_delay_health_checks_and_static_files(site, hang, record_property):
    load = threading.Thread(target=site.request_at_once, args=[(PAGE,)] * 100)
    load.start()
    replies = []
    while load.is_alive():
        replies += [site.request(path) for path in ("/healthz", "/static/css/base.css")]
        time.sleep(0.05)

    assert {reply.status for reply in replies} == {200}
    assert site.request("/static/missing.css").status == 404
    slowest = max(reply.seconds for reply in replies)
    assert slowest < 0.5
    record_property("figure", f"{slowest * 1000:.0f} ms, while 100 requests wait")


def test_live_streams_continue_after_the_database_hung(site, cluster, open_stream):
    stream = open_stream(site, site.sessions[1], site.common_room)

    cluster.suspend()
    time.sleep(3.5)  # longer than any time limit of the server
    cluster.resume()

    site.seconds_to_recover()
    assert site.request(PAGE, {"body": "Hello again"}).status == 302
    while "Hello again" not in stream.next("posts", timeout=5)["html"]:
        pass


@pytest.mark.guarantee("faults")
def test_stopped_database_returns_status_503_until_it_is_started_again(site, cluster, open_stream, record_property):
    stream = open_stream(site, site.sessions[1], site.common_room)
    assert {reply.status for reply in site.request_at_once(*[(PAGE,)] * 12)} == {200}

    cluster.stop()
    replies = site.request_at_once(*[(PAGE,)] * 20, *[(PAGE, POST)] * 20)
    cluster.start()

    recovery = site.seconds_to_recover()
    assert {reply.status for reply in replies} == {503}
    assert POST["body"] in replies[-1].text
    slowest = max(reply.seconds for reply in replies)
    assert slowest < 3
    assert recovery < 5
    assert site.request(PAGE, {"body": "It works again"}).status == 302
    while "It works again" not in stream.next("posts", timeout=10)["html"]:
        pass
    record_property("figure", f"stopped: status 503 after {slowest:.1f} s, recovery after {recovery:.1f} s")


@pytest.mark.guarantee("faults")
def test_read_only_database_shows_pages_and_preserves_text(site, cluster, record_property):
    cluster.configure("default_transaction_read_only", "on")
    try:
        while site.request(PAGE, {"body": "Read only"}).status != 503:  # the server has open connections
            pass
        page, reply = site.request(PAGE), site.request(PAGE, {"body": "Read only?"})
    finally:
        cluster.configure("default_transaction_read_only", "off")

    assert (page.status, reply.status) == (200, 503)
    url, fields = retry_form(reply)
    start = time.monotonic()
    while site.request(url, dict(fields)).status != 302:
        pass
    recovery = time.monotonic() - start
    assert recovery < 5
    record_property("figure", f"read-only: status 503 after {reply.seconds:.1f} s, recovery after {recovery:.1f} s")


def test_each_failed_request_is_logged_in_one_line(site):
    lines = site.read_output().splitlines()

    assert "Traceback" not in site.read_output()
    assert [line for line in lines if "Service Unavailable" in line]


@pytest.mark.guarantee("stop")
def test_server_stops_while_the_database_hangs(cluster, record_property):
    with Site(cluster.url) as site:
        site.sessions = [""]
        cluster.suspend()
        try:
            request = threading.Thread(target=site.request, args=["/rooms/common/"])
            request.start()
            time.sleep(1)
            seconds = site.stop()
        finally:
            cluster.resume()
        request.join()

    assert seconds < 5
    assert "Traceback" not in site.read_output()
    record_property("figure", f"{seconds:.1f} s while the database hangs")
