"""Whatever somebody sends is answered with a clear word: never a 500, never a traceback."""

from urllib.parse import urlencode

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import filled

NASTY = {
    "empty": "",
    "nul": "\0",
    "nul inside": "sam\0",
    "surrogate": "\ud800",
    "5,000 digits": "9" * 5000,
    "huge number": "99999999999999999999",
    "negative": "-1",
    "no number": "abc",
    "nan": "nan",
    "fraction": "1e400",
    "other digits": "٣٤",
    "superscript": "²",
    "lines": "a\r\nSet-Cookie: x=1\r\n\r\n",
    "bidi": "\u202egnp\u2066",
    "zero width": "\u200b\u200d\ufeff",
    "pile": "Z" + "\u0301" * 3000,
    "emoji": "👨‍👩‍👧" * 100,
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "format": "%s%n%(x)s{0}",
    "sql": "' OR 1=1; DROP TABLE accounts_user; --",
    "wildcards": "%_\\",
    "path": "../../../etc/passwd",
    "long": "x" * 100_000,
    "non-characters": "\uffff\ufffe\U0010ffff",
}
FORMS = {
    "/register/student/": filled(),
    "/register/teacher/": filled(invitation="x"),
    "/login/": {"username": "sam", "password": PASSWORD, "remember_me": "on", "next": "/"},
    "/login/teacher/": {"username": "sam", "password": PASSWORD, "next": "/"},
    "/password-reset/": {"email": "sam@school.example"},
    "/theme/": {"theme": "dark", "next": "/"},
    "/logout/": {"x": "y"},
}
OWN_FORMS = {
    "/account/": {
        "first_name": "Sam", "last_name": "O", "email": "sam@school.example", "location": "Elm", "description": "",
        "remove_avatar": "", "avatar": "",
    },
    "/account/password/": {"old_password": PASSWORD, "new_password1": "a", "new_password2": "b"},
    "/account/sessions/": {"session": "x"},
    "/account/delete/": {"password": "x", "understood": "on"},
}  # fmt: skip
QUERIES = {
    "/": ["x"],
    "/login/": ["username", "next"],
    "/students/": ["q", "page"],
    "/teachers/": ["q", "page"],
    "/users/sam/": ["before"],
    "/notifications/": ["page"],
    "/rooms/common/": ["before", "after", "at", "reply_to"],
    "/rooms/common/updates/": ["after"],
}


@pytest.fixture
def anybody(student):
    """Return a client, signed in or not, that gives a 500 page where the code raises."""

    def client_of(person=None):
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)
        return client

    return client_of


def assert_calm(response, *allowed):
    """See that this is no 500 and no traceback, and one of the `allowed` statuses, if some are given."""
    assert response.status_code < 500
    assert not allowed or response.status_code in allowed
    if not response.streaming and not response.headers.get("Content-Encoding"):
        text = response.content.decode()
        assert "Traceback" not in text
        assert project.SECRET_KEY not in text
        assert "<script>alert" not in text
    for name, value in response.headers.items():
        assert not set("\r\n\0") & {*name, *value}


def send(client, address, fields):
    """Send `fields`, whose values may be bytes, as a browser's form does. (The test client takes bytes for a list.)"""
    return client.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


def each(nasty):
    """Yield (name, bytes) of what is nasty. Browsers cannot send a surrogate; its bytes can be sent."""
    for name, text in nasty.items():
        yield name, text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("address", "field"), [(address, field) for address, fields in (FORMS | OWN_FORMS).items() for field in fields]
)
def test_a_form_takes_any_text_or_says_what_is_wrong(anybody, student, address, field):
    person = student if address in OWN_FORMS else None

    for _name, value in each(NASTY):
        with transaction.atomic():
            response = send(anybody(person), address, (FORMS | OWN_FORMS)[address] | {field: value})
            transaction.set_rollback(True)

        assert_calm(response, 200, 302, 400)


@pytest.mark.parametrize(("address", "name"), [(address, name) for address, names in QUERIES.items() for name in names])
def test_a_query_takes_any_text(anybody, student, address, name):
    for person in (student, None):
        client = anybody(person)
        for _name, value in each(NASTY):
            response = client.get(address, {name: value[:4000]})

            assert_calm(response, 200, 205, 302, 304, 400)


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "9" * 5000, "1.5", "", "last"])
@pytest.mark.parametrize("address", ["/students/", "/teachers/", "/notifications/"])
def test_a_page_that_is_none_shows_one_that_is(client_for, student, teacher, address, page):
    response = client_for(student).get(address, {"page": page})

    assert response.status_code == 200
    assert response.context["page"].number == 1


# One example at a time in one database: a form that is refused writes nothing, and one that is taken is taken back.
ANY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BYTES = st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))


@ANY
@given(data=st.data())
@pytest.mark.parametrize(
    "address", ["/register/student/", "/register/teacher/", "/login/", "/account/", "/password-reset/"]
)
def test_a_form_takes_any_bytes(anybody, student, address, data):
    fields = (FORMS | OWN_FORMS)[address]
    sent = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, BYTES)))
    client = anybody(student if address in OWN_FORMS else None)
    User.objects.exclude(pk=student.pk).delete()

    assert_calm(send(client, address, fields | sent), 200, 302, 400)


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


@pytest.mark.parametrize("address", ["/register/student/", "/login/"])
def test_a_password_of_two_megabytes_is_refused_quickly(anybody, address):
    huge = "x" * (2 * 1024 * 1024)

    response = anybody().post(
        address, {"username": "sam", "password": huge, "password1": huge, "password2": huge[:200]}
    )

    # Two of them are more than a request may hold.
    assert_calm(response, 200, 400)
    assert len(response.content) < 100_000


@pytest.mark.parametrize("address", ["/register/student/", "/login/", "/password-reset/"])
def test_two_thousand_fields_are_refused(anybody, address):
    response = anybody().post(address, filled() | {f"field{number}": "x" for number in range(2000)})

    assert_calm(response, 400)
    assert User.objects.filter(username="robin").count() == 0


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


@pytest.mark.parametrize("field", ["username", "email", "first_name"])
def test_a_file_where_text_is_due_is_no_text(anybody, student, field):
    file = SimpleUploadedFile("x.txt", b"sam", "text/plain")

    assert_calm(anybody().post("/register/student/", filled() | {field: file}), 200, 302)
    assert_calm(anybody(student).post("/account/", OWN_FORMS["/account/"] | {field: file}), 200, 302)


def test_nothing_here_runs_with_debug():
    assert not project.DEBUG
