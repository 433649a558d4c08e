"""Large request bodies: their limit, the temporary file, and a full disk."""

import errno
import io
import os
import re
import tempfile

import pytest

from config import asgi
from config.server import bodies, protocol
from config.server.bodies import Body
from config.server.pages import STALLED, TOO_LARGE
from config.server.protocol import BODY_IN_MEMORY, BODY_LIMIT
from config.tests.http import UPLOAD, Application, exchange, read_response, run, until

UPLOAD_LIMIT = BODY_LIMIT + 1000
LIMITS = {"upload_path": re.compile("/rooms/[a-z]+/"), "upload_limit": UPLOAD_LIMIT}


@pytest.fixture
def application():
    return Application(lambda environ: [b"hello"], [("Content-Length", "5")])


def upload(size, path=b"/rooms/a/"):
    return UPLOAD.replace(b"/ ", path + b" ", 1) % size + b"x" * size


@pytest.mark.guarantee("request-limits")
@pytest.mark.parametrize(
    ("path", "size", "limit"),
    [
        (b"/rooms/a/", UPLOAD_LIMIT, None),
        (b"/rooms/a/", UPLOAD_LIMIT + 1, UPLOAD_LIMIT),
        (b"/rooms/a/b/", BODY_LIMIT + 1, BODY_LIMIT),
        (b"/x/rooms/a/", BODY_LIMIT + 1, BODY_LIMIT),
    ],
)
def test_larger_bodies_are_accepted_on_one_path_only(application, path, size, limit):
    run(application, lambda connect: exchange(connect, upload(size, path)), **LIMITS)

    (request,) = application.requests
    assert request.get(TOO_LARGE) == limit
    assert len(request["body"]) == (0 if limit else size)


@pytest.mark.parametrize(
    ("path", "is_upload"),
    [("/rooms/form-7b/", True), ("/rooms/new/", False), ("/rooms/join/", False), ("/rooms/a/settings/", False)],
)
def test_path_of_uploads_is_the_url_of_a_room(path, is_upload):
    assert bool(asgi.pages.upload_path.fullmatch(path)) == is_upload
    assert asgi.pages.upload_limit == 11 * 1024 * 1024


@pytest.mark.parametrize("size", [BODY_IN_MEMORY, BODY_IN_MEMORY + 1, 3 * BODY_IN_MEMORY])
def test_long_body_is_in_a_file_and_can_be_read_twice(size):
    content, body = os.urandom(size), Body()
    for start in range(0, size, 300_000):
        body.write(content[start : start + 300_000])

    first, second = body.open(), body.open()
    start = first.read(100_000)
    body.close()

    assert body.size == size
    assert isinstance(first, io.BytesIO) == (size <= BODY_IN_MEMORY)
    assert second.read() == content
    assert start + first.read() == content


@pytest.mark.guarantee("request-limits")
def test_bodies_in_files_do_not_count_as_bodies_in_memory(application, monkeypatch):
    monkeypatch.setattr(protocol, "STORED_LIMIT", 250_000)
    for module in (protocol, bodies):
        monkeypatch.setattr(module, "BODY_IN_MEMORY", 50_000)

    async def scenario(connect):
        connections = [await connect() for _number in range(4)]
        for _reader, writer in connections:
            writer.write(upload(200_000)[:-1])
        await until(lambda: protocol._stored.total() == 4 * 50_000)
        for _reader, writer in connections:
            writer.write(b"x")
        statuses = [(await read_response(reader))[0] for reader, _writer in connections]
        for _reader, writer in connections:
            writer.close()
        return statuses

    assert run(application, scenario) == [200] * 4
    assert not protocol._stored


@pytest.mark.guarantee("faults")
def test_full_disk_returns_an_error_page(application, monkeypatch):
    def fail(**options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", fail)

    run(application, lambda connect: exchange(connect, upload(2 * BODY_IN_MEMORY)))

    (request,) = application.requests
    assert request[STALLED]
    assert request["body"] == b""
