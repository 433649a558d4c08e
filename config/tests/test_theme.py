"""The look that a browser chose."""

import re

import pytest


def chosen_look(response):
    return re.search(r'<html[^>]*?(?: data-theme="(\w+)")?>', response.content.decode())[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_look_is_kept_and_shown(client, db, theme):
    response = client.post("/theme/", {"theme": theme, "next": "/login/"})

    cookie = response.cookies["theme"]
    assert response.headers["Location"] == "/login/"
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (theme, 365 * 24 * 60 * 60, "Lax")
    assert cookie["httponly"]
    assert chosen_look(client.get("/login/")) == theme


def test_the_systems_look_takes_the_cookie_away(client, db):
    client.post("/theme/", {"theme": "dark"})

    response = client.post("/theme/", {"theme": "system"})

    assert response.cookies["theme"]["max-age"] == 0
    assert chosen_look(client.get("/login/")) is None


def test_the_cookie_travels_by_tls_only_where_the_site_does(client, db, settings):
    settings.HTTPS = True

    assert client.post("/theme/", {"theme": "dark"}).cookies["theme"]["secure"]


@pytest.mark.parametrize("cookie", ["", "blue", '"><script>', "dark light", "x" * 5000])
def test_a_cookie_that_is_no_look_shows_the_systems(client, db, cookie):
    client.cookies["theme"] = cookie

    response = client.get("/login/")

    assert response.status_code == 200
    assert chosen_look(response) is None
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("theme", ["", "blue", "DARK", "dark\0", "x" * 5000, None])
def test_what_is_no_look_is_refused(client, db, theme):
    response = client.post("/theme/", {} if theme is None else {"theme": theme})

    assert response.status_code == 400
    assert "theme" not in response.cookies


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example", "\r\n//evil.example", ""],
)
def test_next_leads_to_no_other_site(client, db, elsewhere):
    assert client.post("/theme/", {"theme": "dark", "next": elsewhere}).headers["Location"] == "/"


def test_the_way_back_keeps_the_query(client, db):
    response = client.post("/theme/", {"theme": "dark", "next": "/students/?q=a&page=2"})

    assert response.headers["Location"] == "/students/?q=a&page=2"
