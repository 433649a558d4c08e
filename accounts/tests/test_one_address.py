"""A school whose users all have one address, through nginx and with the password hasher of the site."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import pytest

from accounts.hashers import Argon2idHasher
from accounts.models import Throttle, User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import registration_data
from accounts.tests.nginx import server_behind_nginx
from accounts.tests.throttling import WRONG
from posts.models import Room

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PUPILS, REGISTRATIONS, CLIENTS = 1000, 300, 12
TOKEN = "a" * 32
HEADERS = {
    "Cookie": f"csrftoken={TOKEN}",
    "Content-Type": "application/x-www-form-urlencoded",
    "Host": "127.0.0.1",
    "X-Forwarded-For": "203.0.113.9",  # forged
}


@pytest.mark.guarantee("one-address")
@pytest.mark.guarantee("forwarded")
def test_school_behind_one_address_is_not_locked_out(record_property):
    Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})
    hashed = Argon2idHasher().encode(PASSWORD, "0123456789abcdef")
    names = [f"pupil{number}" for number in range(PUPILS)]
    User.objects.bulk_create(User(username=name, email=f"{name}@a.example", password=hashed) for name in names)

    with server_behind_nginx() as server, ThreadPoolExecutor(CLIENTS) as pool:
        post = poster(server.port)

        def register(number):
            return post("/register/student/", registration_data(username=f"robin{number}", email=f"{number}@b.example"))

        def sign_in(number):
            mistyped = [post("/login/", {"username": names[number], "password": WRONG})] if number % 10 == 0 else []
            return [*mistyped, post("/login/", {"username": names[number], "password": PASSWORD})]

        start = time.monotonic()
        registered = list(pool.map(register, range(REGISTRATIONS)))
        signed_in = list(pool.map(sign_in, range(PUPILS)))
        seconds = time.monotonic() - start

    passed = sum(statuses[-1] == 302 for statuses in signed_in)
    result = f"{registered.count(302)} registrations and {passed} sign-ins"
    record_property("figure", f"{result} through nginx in {seconds:.0f} s")
    assert registered == [302] * REGISTRATIONS
    assert signed_in == [[200, 302] if number % 10 == 0 else [302] for number in range(PUPILS)]
    assert Throttle.objects.get(kind="address").attempts == PUPILS // 10
    # The address that nginx adds, and not one that the client sends.
    assert set(Throttle.objects.values_list("address", flat=True)) == {"127.0.0.1"}


def poster(port):
    """Return a function that submits a form and returns the status."""

    def post(path, fields):
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("POST", path, body, HEADERS)
            response = connection.getresponse()
            response.read()
            return response.status

    return post
