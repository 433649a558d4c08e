"""The processes of `manage.py serve`."""

import socket
import time
from pathlib import Path

import pytest

from config.server.sockets import listen
from posts.tests.live_server import ProductionServer
from posts.tests.processes import worker_processes


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.django_db(transaction=True)
def test_workers_end_with_the_killed_server_and_free_its_port(record_property):
    with ProductionServer("--no-worker", "--workers", "2") as server:
        workers = server.workers()
        assert len(workers) == 2
        assert worker_processes(server) == []
        upload = socket.create_connection(("127.0.0.1", server.port))
        upload.sendall(b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n")

        server.process.kill()
        killed_at = time.monotonic()
        while any(is_running(pid) for pid in workers):
            assert time.monotonic() < killed_at + 10, "the workers are still running"
            time.sleep(0.02)
        seconds = time.monotonic() - killed_at

    upload.close()
    record_property("figure", f"workers ended after {seconds:.1f} s")
    assert seconds < 2
    listen("127.0.0.1", server.port).close()


@pytest.mark.django_db(transaction=True)
def test_sigterm_with_stalled_uploads_ends_the_server_at_once(record_property):
    with ProductionServer("--workers", "2") as server:
        uploads = [socket.create_connection(("127.0.0.1", server.port)) for _number in range(20)]
        for upload in uploads:
            upload.sendall(b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nbody")
        server.get("/healthz")

        seconds = server.stop()

        for upload in uploads:
            upload.close()
    record_property("figure", f"{seconds:.1f} s with 20 stalled uploads")
    assert seconds < 2
    assert "Traceback" not in server.read_output()
