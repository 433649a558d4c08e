"""Malformed requests."""

import pytest
from django.conf import settings as project
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.tests.bad_input import assert_calm

# One example at a time in one database: a form that is refused writes nothing, and one that is taken is taken back.
ANY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY
@given(body=st.binary(max_size=600))
@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "multipart/form-data",
        "application/json",
        "text/plain", "", "x", "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=\xff",
    ],
)  # fmt: skip
def test_a_request_may_hold_anything(anybody, content_type, body):
    for address in ("/login/", "/register/student/"):
        assert_calm(anybody().generic("POST", address, body, content_type), 200, 400)


MULTIPART = "multipart/form-data; boundary=B"

NAMED = b'--B\r\nContent-Disposition: form-data; name="username"'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, b""),
        (MULTIPART, b"--B"),
        (MULTIPART, NAMED + b"\r\n\r\nsam"),
        (MULTIPART, NAMED + b"; filename=\"\0\"\r\n\r\nx\r\n--B--"),
        (MULTIPART, NAMED + b"; filename*=utf-8''%00%ff\r\n\r\nx\r\n--B--"),
        (MULTIPART, NAMED + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--B--"),
        (MULTIPART, b"--B\r\n" + b"X: y\r\n" * 5000 + b"\r\n--B--"),
        ("multipart/form-data; boundary=" + "B" * 5000, b"--B"),
        ("multipart/form-data; boundary=", b"--"),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"username=%ff%fe&password=%00"),
        ("application/x-www-form-urlencoded", b"&&&===&;"),
    ],
    ids=lambda value: repr(value[:40]),
)  # fmt: skip
def test_a_malformed_form_is_answered(anybody, student, content_type, body):
    assert_calm(anybody().generic("POST", "/login/", body, content_type), 200, 400)
    assert_calm(anybody(student).generic("POST", "/account/", body, content_type), 200, 302, 400)


@pytest.mark.parametrize("way", ["post", "query"])
def test_three_megabytes_are_refused(anybody, way):
    much = "x" * (3 * 1024 * 1024)

    response = anybody().post("/login/", f"a={much}", content_type="application/x-www-form-urlencoded")

    assert_calm(response, 400)


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/%ff", "/%00/", "/users/%00/", "/users/%ff/", "/users/sam%00/", "/users/" + "x" * 5000 + "/",
        "/users/../admin/",
        "/users/-sam/", "/users//", "/rooms/%00/", "/rooms/%ff/", "/posts/0/", "/posts/-1/",
        "/posts/99999999999999999999/",
        "/posts/" + "9" * 5000 + "/", "/posts/٣/", "/posts/1%00/", "/media/avatars/%00", "/media/avatars/%ff",
        "/media/avatars/a%00b.webp",
        "/media/avatars/..", "/media/avatars/..%2f..%2fetc%2fpasswd", "/media/avatars/" + "x" * 5000,
        "/media/avatars/", "/media/",
        "/password-reset/%00/%00/", "/password-reset/MQ/%00/", "/password-reset/%ff/%ff/", "/admin/%00", "/admin/%ff/",
        "/theme/%0d%0aX:%20y", "//evil.example/", "/\\evil.example", "/login/%0d%0aSet-Cookie:%20x=1", "/?%00=%00",
        "/?%ff",
        "/favicon.ico", "/robots.txt", "/.env", "/.git/config", "/wp-login.php", "/💥/", "/students/?" + "a=b&" * 400,
        "/students/?" + "&".join(f"a{n}=b" for n in range(2000)),
    ],
    ids=lambda path: ascii(path[:40]),
)  # fmt: skip
def test_any_path_is_answered(anybody, student, path):
    for person in (None, student):
        client = anybody(person)
        for method in (client.get, client.post, client.head):
            assert_calm(method(path), 200, 301, 302, 400, 403, 404, 405)


@pytest.mark.parametrize(
    "host", ["", " ", "evil.example", "a b", "school.example:port", "[::1", "x" * 5000, "a\0b", "ü.example", "/", "@"]
)  # fmt: skip
@pytest.mark.parametrize("address", ["/", "/login/", "/home/", "/nowhere/"])
def test_a_host_that_is_not_ours_is_refused(anybody, settings, host, address):
    settings.ALLOWED_HOSTS = ["school.example"]

    response = anybody().get(address, headers={"Host": host})

    assert_calm(response, 400)
    assert "That was not understood" in response.content.decode()


HEADERS = {
    "Cookie": ["\0", "sessionid=\0; csrftoken=\xff", "=;=;;", "a" * 9000, 'sessionid="\\000"; theme="\\""',
        "csrftoken=" + "x" * 9000],
    "Accept-Language": ["\0", "x" * 9000, "en-" + "x" * 600, "de;q=nan,*", ",;q="],
    "User-Agent": ["\0", "\xff", "x" * 9000],
    "Referer": ["\0", "//[", "http://[::1", "x" * 9000],
    "Origin": ["null", "\0", "http://[", "x"],
    "X-Forwarded-For": ["\0", "1.2.3.4, evil", "x" * 9000],
    "X-Forwarded-Proto": ["\0", "https", "javascript"],
    "X-CSRFToken": ["\0", "x" * 9000, "\xff"],
    "If-None-Match": ["\0", '"', "*", "x" * 9000],
    "If-Modified-Since": ["\0", "Mon, 99 Foo 0000", "9" * 5000],
    "Range": ["bytes=9-1", "bytes=-", "x"],
    "X-Requested-With": ["\0", "fetch"],
    "Accept-Encoding": ["gzip;q=x", "\0"],
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_may_hold_anything(student, header):
    for value in HEADERS[header]:
        for address in ("/login/", "/rooms/common/", "/notifications/unread/", "/rooms/common/updates/"):
            client = Client(raise_request_exception=False, enforce_csrf_checks=True)
            client.force_login(student)
            assert_calm(client.get(address, headers={header: value}))
            assert_calm(client.post(address, {"username": "x"}, headers={header: value}))


@pytest.mark.parametrize("length", ["-1", "abc", "", "9" * 5000, "1"])
def test_a_length_that_is_wrong_is_answered(anybody, length):
    response = anybody().post("/login/", {"username": "sam"}, CONTENT_LENGTH=length)

    assert_calm(response, 200, 400)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 300])
@pytest.mark.parametrize("address", ["/", "/login/", "/account/", "/students/", "/logout/", "/theme/"])
def test_a_method_that_no_page_knows_is_answered(anybody, student, address, method):
    for person in (None, student):
        assert_calm(anybody(person).generic(method, address), 200, 302, 400, 403, 405)


def test_nothing_here_runs_with_debug():
    assert not project.DEBUG
