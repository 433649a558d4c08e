"""Coming in and going out."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Session
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page, without_token

REFUSAL = "Invalid username or password."
PAGES = ("/login/", "/login/student/", "/login/teacher/")


def sign_in(client, username, password=PASSWORD, address="/login/", **more):
    return client.post(address, {"username": username, "password": password, **more})


def is_in(client):
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize("typed", ["sam", "SAM", " Sam ", "sam@school.example", "SAM@School.Example"])
def test_one_signs_in_by_username_or_address_in_any_case(client, student, typed):
    response = sign_in(client, typed)

    assert response.headers["Location"] == "/home/"
    assert response.wsgi_request.user == student
    assert is_in(client)


def test_a_password_keeps_its_spaces_and_its_case(client, student):
    student.set_password("  Two Spaces each  ")
    student.save()

    assert sign_in(client, "sam", "Two Spaces each").status_code == 200
    assert sign_in(client, "sam", "  two spaces each  ").status_code == 200
    assert sign_in(client, "sam", "  Two Spaces each  ").status_code == 302


@pytest.mark.parametrize(
    ("page", "comes_in"),
    [
        ("/login/", {"student", "teacher", "pending_teacher", "admin"}),
        ("/login/student/", {"student"}),
        ("/login/teacher/", {"teacher", "pending_teacher"}),
    ],
)
@pytest.mark.parametrize("who", ["student", "teacher", "pending_teacher", "admin", "deactivated"])
def test_each_login_page_admits_its_own_role(client, request, page, comes_in, who):
    person = request.getfixturevalue(who)

    response = sign_in(client, person.username, address=page)

    assert is_in(client) == (who in comes_in)
    if who not in comes_in:
        assert REFUSAL in Page(response).error_summary()[0]


@pytest.mark.parametrize("page", PAGES)
def test_unknown_wrong_inactive_and_other_role_are_answered_in_the_same_bytes(
    client, student, teacher, deactivated, page
):
    other = {"/login/student/": "ms.hale", "/login/teacher/": "sam", "/login/": "gone"}[page]
    tries = [("nobody", PASSWORD), ("sam", "wrong horse staple"), ("gone", PASSWORD), (other, PASSWORD), ("a@b.c", "x")]

    bodies = set()
    for username, password in tries:
        response = sign_in(client, username, password, page)
        assert response.status_code == 200
        bodies.add(without_token(response).replace(f'value="{username}"', 'value=""'))

    assert len(bodies) == 1
    assert REFUSAL in bodies.pop()


@pytest.mark.parametrize("username", ["nobody", "sam", "gone", "nobody@school.example", "no body", "zoë", "a\0b"])
def test_a_hash_is_computed_for_every_name(client, student, deactivated, monkeypatch, username):
    computed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: computed.append(1) or encode(self, *args))

    sign_in(client, username, "wrong horse staple")

    # A name with a NUL is refused by the form, whoever there may be.
    assert len(computed) == (0 if "\0" in username else 1)


def test_what_was_typed_stays_and_the_password_is_never_sent_back(client, student):
    response = sign_in(client, "sam", "wrong horse staple", remember_me="on", next="/rooms/")

    page = Page(response)
    assert page.value("username") == "sam"
    assert page.by_id("id_remember_me").get("checked") is not None
    assert "wrong horse" not in response.content.decode()
    assert [field.get("value") for field in page.by_id("main").iter("input") if field.get("name") == "next"] == [
        "/rooms/"
    ]


def test_remember_me_keeps_the_session_thirty_days(client, student):
    response = sign_in(client, "sam", remember_me="on")

    assert response.cookies["sessionid"]["max-age"] == 30 * 24 * 60 * 60
    remaining = Session.objects.get(user=student).expire_date - timezone.now()
    assert round(remaining.total_seconds() / 3600) == 30 * 24


def test_without_remember_me_the_session_ends_with_the_browser(client, student):
    response = sign_in(client, "sam")

    assert response.cookies["sessionid"]["max-age"] == ""
    assert response.cookies["sessionid"]["expires"] == ""


def test_the_session_cookie_is_out_of_the_reach_of_scripts_and_other_sites(client, student):
    cookie = sign_in(client, "sam").cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_gives_a_new_session_id(client, student):
    client.session.save()
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client, "sam")

    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_signing_in_as_another_leaves_nothing_of_the_first(client, student, classmate):
    client.force_login(classmate)
    session = client.session
    session["secret"] = "kim's"
    session.save()
    client.post("/logout/")

    sign_in(client, "sam")

    assert "secret" not in client.session


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
        "\\/evil.example",
        "https://evil.example", "http://evil.example/home/", "https:evil.example", "https:///evil.example",
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "ftp://testserver/", " //evil.example",
        "\t//evil.example", "//evil.example\\@testserver", "http://testserver@evil.example", "\x01//evil.example",
        "http://[::1", "", "  ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["query", "field"])
def test_next_leads_to_no_other_site(client, student, elsewhere, way):
    if way == "query":
        response = client.post("/login/", {"username": "sam", "password": PASSWORD}, query_params={"next": elsewhere})
    else:
        response = sign_in(client, "sam", next=elsewhere)

    assert response.headers["Location"] == "/home/"


@pytest.mark.parametrize("lines", ["/rooms/\r\nSet-Cookie: evil=1", "/rooms/\nX: y", "/rooms/\0"])
def test_next_makes_no_second_header(client, student, lines):
    response = sign_in(client, "sam", next=lines)

    location = response.headers["Location"]
    assert location == "/home/" or not re.search(r"[\r\n\0]", location)
    assert "evil" not in response.cookies
    assert "X" not in response.headers


@pytest.mark.parametrize("here", ["/rooms/", "/users/kim/?before=3", "http://testserver/rooms/"])
def test_next_leads_back_to_where_a_visitor_wanted_to_go(client, student, here):
    response = sign_in(client, "sam", next=here)

    assert response.headers["Location"] == here


def test_a_visitor_is_sent_to_sign_in_and_back(client, student):
    response = client.get("/users/sam/?before=3")
    login = response.headers["Location"]
    form = Page(client.get(login))
    wanted = next(field.get("value") for field in form.root.iter("input") if field.get("name") == "next")

    assert login == "/login/?next=/users/sam/%3Fbefore%3D3"
    assert sign_in(client, "sam", next=wanted).headers["Location"] == "/users/sam/?before=3"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "wanted", ["", "?next=/login/", "?next=/login/student/", "?next=//evil.example", "?next=/rooms/"]
)
def test_somebody_signed_in_never_sees_the_login_page(client_for, student, page, wanted):
    response = client_for(student).get(page + wanted, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == ("/rooms/" if "rooms" in wanted else "/home/student/")


@pytest.mark.parametrize(
    ("who", "login"),
    [
        ("student", "/login/student/"), ("teacher", "/login/teacher/"), ("pending_teacher", "/login/teacher/"),
        ("admin", "/login/"), (None, "/login/"), ("deactivated", "/login/"),
    ],
)  # fmt: skip
def test_signing_out_goes_to_the_login_page_of_the_role_that_left(client_for, db, request, who, login):
    client = client_for(request.getfixturevalue(who) if who else None)

    response = client.post("/logout/")

    assert response.headers["Location"] == login
    assert not is_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_signing_out_is_never_a_get(client_for, student):
    client = client_for(student)

    response = client.get("/logout/")

    assert response.status_code == 405
    assert is_in(client)


def test_signing_out_needs_the_token(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)

    assert client.post("/logout/").status_code == 403
    assert is_in(client)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("sam", "sam"),
        ("Sam.O-2_x", "Sam.O-2_x"),
        ("", ""),
        ("a b", ""),
        ('"><script>', ""),
        ("x" * 21, ""),
        ("sam\n", ""),
    ],
)
@pytest.mark.parametrize("page", PAGES)
def test_the_login_page_is_filled_in_with_a_valid_username_only(client, db, page, sent, shown):
    response = client.get(page, {"username": sent})

    assert Page(response).value("username") == shown


@pytest.mark.parametrize("address", [*PAGES, "/register/student/", "/register/teacher/", "/password-reset/"])
def test_a_form_holds_its_token_once_and_needs_it(db, address):
    client = Client(enforce_csrf_checks=True)

    main = Page(client.get(address)).by_id("main")
    tokens = [field.get("value") for field in main.iter("input") if field.get("name") == "csrfmiddlewaretoken"]

    assert len(tokens) == 1
    assert client.post(address, {"csrfmiddlewaretoken": tokens[0]}).status_code == 200
    assert client.post(address, {}).status_code == 403


def test_a_signed_in_page_is_kept_nowhere(client_for, student):
    assert client_for(student).get("/account/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("agent", ["", "x\0y", "x" * 9000, "\x1b[31m", "Mozilla \xff\xfe", "<script>"])
def test_a_device_may_call_itself_anything(client, student, agent):
    response = client.post("/login/", {"username": "sam", "password": PASSWORD}, headers={"User-Agent": agent})

    assert response.status_code == 302
    stored = Session.objects.get(user=student).user_agent
    assert len(stored) <= 200
    assert not re.search(r"[\x00-\x1f]", stored)
    assert client.get("/account/sessions/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_coming_and_going_write_in_transactions_which_wait_in_line_on_sqlite():
    student, client, outside = StudentFactory(), Client(), []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not connection.in_atomic_block:
            outside.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        client.post("/login/", {"username": student.username, "password": PASSWORD})
        was_in = student.sessions.count()
        client.post("/logout/")

    assert (was_in, student.sessions.count()) == (1, 0)
    assert outside == []
