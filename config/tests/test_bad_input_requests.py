"""Malformed requests."""

import pytest
from django.conf import settings as project
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.tests.bad_input import assert_no_server_error

# All examples of a test share one database, but none of them creates a user.
ANY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.guarantee("bad-input")
@ANY
@given(body=st.binary(max_size=600))
@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=B",
        "multipart/form-data",
        "application/json",
        "text/plain",
        "",
        "x",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=\xff",
    ],
)
def test_any_request_body_is_handled(client_for, content_type, body):
    for url in ("/login/", "/register/student/"):
        assert_no_server_error(client_for().generic("POST", url, body, content_type), 200, 400)


MULTIPART = "multipart/form-data; boundary=B"

NAMED = b'--B\r\nContent-Disposition: form-data; name="username"'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, b""),
        (MULTIPART, b"--B"),
        (MULTIPART, NAMED + b"\r\n\r\nsam"),
        (MULTIPART, NAMED + b'; filename="\0"\r\n\r\nx\r\n--B--'),
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
)
def test_malformed_form_is_handled(client_for, student, content_type, body):
    assert_no_server_error(client_for().generic("POST", "/login/", body, content_type), 200, 400)
    assert_no_server_error(client_for(student).generic("POST", "/account/", body, content_type), 200, 302, 400)


@pytest.mark.parametrize("source", ["post", "query"])
def test_body_of_three_megabytes_is_rejected(client_for, source):
    value = "x" * (3 * 1024 * 1024)

    response = client_for().post("/login/", f"a={value}", content_type="application/x-www-form-urlencoded")

    assert_no_server_error(response, 400)


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/%ff",
        "/%00/",
        "/users/%00/",
        "/users/%ff/",
        "/users/sam%00/",
        "/users/" + "x" * 5000 + "/",
        "/users/../admin/",
        "/users/-sam/",
        "/users//",
        "/rooms/%00/",
        "/rooms/%ff/",
        "/posts/0/",
        "/posts/-1/",
        "/posts/99999999999999999999/",
        "/posts/" + "9" * 5000 + "/",
        "/posts/٣/",
        "/posts/1%00/",
        "/media/avatars/%00",
        "/media/avatars/%ff",
        "/media/avatars/a%00b.webp",
        "/media/avatars/..",
        "/media/avatars/..%2f..%2fetc%2fpasswd",
        "/media/avatars/" + "x" * 5000,
        "/media/avatars/",
        "/media/",
        "/password-reset/%00/%00/",
        "/password-reset/MQ/%00/",
        "/password-reset/%ff/%ff/",
        "/admin/%00",
        "/admin/%ff/",
        "/theme/%0d%0aX:%20y",
        "//evil.example/",
        "/\\evil.example",
        "/login/%0d%0aSet-Cookie:%20x=1",
        "/?%00=%00",
        "/?%ff",
        "/favicon.ico",
        "/robots.txt",
        "/.env",
        "/.git/config",
        "/wp-login.php",
        "/💥/",
        "/students/?" + "a=b&" * 400,
        "/students/?" + "&".join(f"a{n}=b" for n in range(2000)),
    ],
    ids=lambda path: ascii(path[:40]),
)
def test_any_path_is_handled(client_for, student, path):
    for user in (None, student):
        client = client_for(user)
        for method in (client.get, client.post, client.head):
            assert_no_server_error(method(path), 200, 301, 302, 400, 403, 404, 405)


@pytest.mark.parametrize(
    "host", ["", " ", "evil.example", "a b", "school.example:port", "[::1", "x" * 5000, "a\0b", "ü.example", "/", "@"]
)
@pytest.mark.parametrize("url", ["/", "/login/", "/home/", "/nowhere/"])
def test_unknown_host_is_rejected(client_for, settings, host, url):
    settings.ALLOWED_HOSTS = ["school.example"]

    response = client_for().get(url, headers={"Host": host})

    assert_no_server_error(response, 400)
    assert "There is a problem with this request" in response.content.decode()


HEADERS = {
    "Cookie": [
        "\0",
        "sessionid=\0; csrftoken=\xff",
        "=;=;;",
        "a" * 9000,
        'sessionid="\\000"; theme="\\""',
        "csrftoken=" + "x" * 9000,
    ],
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
}


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("header", HEADERS)
def test_any_header_is_handled(student, header):
    for value in HEADERS[header]:
        for url in ("/login/", "/rooms/common/", "/notifications/unread/", "/rooms/common/updates/"):
            client = Client(raise_request_exception=False, enforce_csrf_checks=True)
            client.force_login(student)
            assert_no_server_error(client.get(url, headers={header: value}))
            assert_no_server_error(client.post(url, {"username": "x"}, headers={header: value}))


@pytest.mark.parametrize("length", ["-1", "abc", "", "9" * 5000, "1"])
def test_wrong_content_length_is_handled(client_for, length):
    response = client_for().post("/login/", {"username": "sam"}, CONTENT_LENGTH=length)

    assert_no_server_error(response, 200, 400)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 300])
@pytest.mark.parametrize("url", ["/", "/login/", "/account/", "/students/", "/logout/", "/theme/"])
def test_unknown_method_is_handled(client_for, student, url, method):
    for user in (None, student):
        assert_no_server_error(client_for(user).generic(method, url), 200, 302, 400, 403, 405)


def test_debug_is_off():
    assert not project.DEBUG
