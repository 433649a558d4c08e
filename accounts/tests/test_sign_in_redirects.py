"""Redirects after signing in."""

import re

import pytest

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, sign_in

PAGES = ("/login/", "/login/student/", "/login/teacher/")


@pytest.mark.guarantee("redirects")
@pytest.mark.parametrize(
    "url",
    [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "http://evil.example/home/",
        "https:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "ftp://testserver/",
        " //evil.example",
        "\t//evil.example",
        "//evil.example\\@testserver",
        "http://testserver@evil.example",
        "\x01//evil.example",
        "http://[::1",
        "",
        "  ",
    ],
)
@pytest.mark.parametrize("source", ["query", "field"])
def test_next_does_not_redirect_to_other_sites(client, student, url, source):
    if source == "query":
        response = client.post("/login/", {"username": "sam", "password": PASSWORD}, query_params={"next": url})
    else:
        response = sign_in(client, "sam", next=url)

    assert response.headers["Location"] == "/home/"


@pytest.mark.guarantee("redirects")
@pytest.mark.parametrize("value", ["/rooms/\r\nSet-Cookie: evil=1", "/rooms/\nX: y", "/rooms/\0"])
def test_next_cannot_inject_headers(client, student, value):
    response = sign_in(client, "sam", next=value)

    location = response.headers["Location"]
    assert location == "/home/" or not re.search(r"[\r\n\0]", location)
    assert "evil" not in response.cookies
    assert "X" not in response.headers


@pytest.mark.parametrize("url", ["/rooms/", "/users/kim/?before=3", "http://testserver/rooms/"])
def test_next_redirects_to_requested_page(client, student, url):
    response = sign_in(client, "sam", next=url)

    assert response.headers["Location"] == url


def test_visitor_is_redirected_to_sign_in_and_back(client, student):
    response = client.get("/users/sam/?before=3")
    login = response.headers["Location"]
    form = Page(client.get(login))
    next_url = next(field.get("value") for field in form.root.iter("input") if field.get("name") == "next")

    assert login == "/login/?next=/users/sam/%3Fbefore%3D3"
    assert sign_in(client, "sam", next=next_url).headers["Location"] == "/users/sam/?before=3"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query", ["", "?next=/login/", "?next=/login/student/", "?next=//evil.example", "?next=/rooms/"]
)
def test_signed_in_user_is_redirected_from_login_page(client_for, student, page, query):
    response = client_for(student).get(page + query, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == ("/rooms/" if "rooms" in query else "/home/student/")
