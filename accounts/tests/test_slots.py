"""Limits on concurrent CPU-intensive work: password hashing and picture decoding."""

import asyncio
import threading
import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from PIL import Image

from accounts.avatars import read_avatar
from accounts.hashers import Argon2idHasher
from accounts.tests.pictures import picture, upload
from config.server import SAFE_ONLY_THREADS
from config.tests.http import GET, Application, exchange, run, until

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
THREADS = 8


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


def test_at_most_two_threads_decode_pictures_at_once(monkeypatch):
    content = picture()
    gate = Gate(Image.open)
    monkeypatch.setattr(Image, "open", gate)

    work_in_threads(gate, lambda: read_avatar(upload(content)))

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
