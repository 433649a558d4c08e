"""Limits on concurrent CPU-intensive work: password hashing, and forms with files."""

import asyncio
import threading
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.hashers import Argon2idHasher
from config.server.threads import SAFE_ONLY_THREADS
from config.tests.http import GET, Application, exchange, run, until

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
THREADS = 8
FILE = b'--B\r\nContent-Disposition: form-data; name="avatar"; filename="a"\r\n\r\nx\r\n--B--\r\n'
NO_FILE = FILE.replace(b'"a"', b'""')


def multipart(body, kind="multipart/form-data; boundary=B"):
    """Return a POST request with a form."""
    headers = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return POST.replace(b"Content-Length: 0\r\n\r\n", headers.encode() + body)


class Gate:
    """Wrap a function: count the threads that call it, and block them until `open` is set."""

    def __init__(self, function):
        self.function, self.inside, self.most = function, 0, 0
        self.lock, self.open = threading.Lock(), threading.Event()

    def __call__(self, *args, **kwargs):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait(10)
        try:
            return self.function(*args, **kwargs)
        finally:
            with self.lock:
                self.inside -= 1


def work_in_threads(gate, function):
    """Run `function` in eight threads; open `gate` when two are inside."""
    threads = [threading.Thread(target=function) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 10
    while gate.inside < 2 and time.monotonic() < deadline:
        time.sleep(0.001)
    gate.open.set()
    for thread in threads:
        thread.join(10)
    assert gate.inside == 0


@pytest.mark.parametrize("method", ["encode", "verify"])
def test_at_most_two_threads_hash_passwords(monkeypatch, method):
    encoded = Argon2idHasher().encode("paper-planes", "salt" * 4)
    original = getattr(Argon2PasswordHasher, method)
    gate = Gate(original)
    monkeypatch.setattr(Argon2PasswordHasher, method, lambda self, *args: gate(self, *args))

    work_in_threads(gate, lambda: getattr(Argon2idHasher(), method)("paper-planes", encoded))

    assert gate.most == 2


def test_pages_load_while_a_class_signs_in(monkeypatch):
    encoded = Argon2idHasher().encode("paper-planes", "salt" * 4)
    gate = Gate(Argon2PasswordHasher.verify)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda self, *args: gate(self, *args))

    def respond(environ):
        if environ["REQUEST_METHOD"] == "POST":
            assert Argon2idHasher().verify("paper-planes", encoded)
        return [b"hello"]

    async def scenario(connect):
        application.requests.clear()
        sign_ins = [asyncio.ensure_future(exchange(connect, POST)) for _ in range(30)]
        await until(lambda: len(application.requests) == THREADS - SAFE_ONLY_THREADS)
        pages = [await exchange(connect, GET) for _ in range(10)]
        signed_in = sum(sign_in.done() for sign_in in sign_ins)
        gate.open.set()
        return pages, signed_in, await asyncio.gather(*sign_ins)

    application = Application(respond)
    pages, signed_in, responses = run(application, scenario, threads=THREADS)

    assert [status for status, _headers, _body in pages] == [200] * 10
    assert signed_in == 0
    assert [status for status, _headers, _body in responses] == [200] * 30
    assert gate.most == 2


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=B", "Multipart/Form-Data;boundary=B"])
def test_forms_with_files_run_one_at_a_time_and_do_not_delay_others(kind):
    gate = Gate(lambda environ: [b"hello"])
    upload = multipart(FILE, kind)

    async def scenario(connect):
        uploads = [asyncio.ensure_future(exchange(connect, upload)) for _ in range(10)]
        await until(lambda: gate.inside == 1)
        others = [await exchange(connect, POST) for _ in range(10)]
        finished = sum(sent.done() for sent in uploads)
        gate.open.set()
        return others, finished, await asyncio.gather(*uploads)

    application = Application(lambda environ: gate(environ) if "CONTENT_TYPE" in environ else [b"hello"])
    others, finished, responses = run(application, scenario, threads=THREADS)

    assert [status for status, _headers, _body in others] == [200] * 10
    assert finished == 0
    assert [status for status, _headers, _body in responses] == [200] * 10
    assert gate.most == 1


@pytest.mark.guarantee("pictures")
@pytest.mark.parametrize(
    ("body", "waits"),
    [
        (NO_FILE, False),
        (NO_FILE.replace(b"x", b"x" * 70_000), True),
        (FILE, True),
        (FILE.replace(b"filename", b"FileName"), True),
        (FILE.replace(b'"a"', b"a"), True),
        (FILE.replace(b'"a"', b'""a'), True),
        (NO_FILE.replace(b'""', b"\"\"; filename*=utf-8''a"), True),
    ],
)
def test_forms_without_a_file_do_not_wait_for_those_with_files(body, waits):
    gate = Gate(lambda environ: [b"hello"])

    async def scenario(connect):
        first = asyncio.ensure_future(exchange(connect, multipart(FILE)))
        await until(lambda: gate.inside == 1)
        second = asyncio.ensure_future(exchange(connect, multipart(body)))
        other = await exchange(connect, POST)
        await until(lambda: waits or gate.inside == 2)
        inside = gate.inside
        gate.open.set()
        return inside, await asyncio.gather(first, second), other

    application = Application(lambda environ: gate(environ) if "CONTENT_TYPE" in environ else [b"hello"])
    inside, responses, _other = run(application, scenario, threads=THREADS)

    assert inside == (1 if waits else 2)
    assert [status for status, _headers, _body in responses] == [200, 200]
