"""Redirects after signing in."""

import re

import pytest

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page

PAGES = ("/login/", "/login/student/", "/login/teacher/")


def sign_in(client, username, password=PASSWORD, address="/login/", **more):
    return client.post(address, {"username": username, "password": password, **more})


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
def test_somebody_signed_in_never_sees_the_login_page(as_, student, page, wanted):
    response = as_(student).get(page + wanted, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == ("/rooms/" if "rooms" in wanted else "/home/student/")
