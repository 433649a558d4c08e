"""The theme."""

import re

import pytest


def applied_theme(response):
    return re.search(r'<html[^>]*?(?: data-theme="(\w+)")?>', response.content.decode())[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_stored_and_applied(client, db, theme):
    response = client.post("/theme/", {"theme": theme, "next": "/login/"})

    cookie = response.cookies["theme"]
    assert response.headers["Location"] == "/login/"
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (theme, 365 * 24 * 60 * 60, "Lax")
    assert cookie["httponly"]
    assert applied_theme(client.get("/login/")) == theme


def test_system_theme_deletes_cookie(client, db):
    client.post("/theme/", {"theme": "dark"})

    response = client.post("/theme/", {"theme": "system"})

    assert response.cookies["theme"]["max-age"] == 0
    assert applied_theme(client.get("/login/")) is None


def test_cookie_is_secure_with_https(client, db, settings):
    settings.HTTPS = True

    assert client.post("/theme/", {"theme": "dark"}).cookies["theme"]["secure"]


@pytest.mark.parametrize("cookie", ["", "blue", '"><script>', "dark light", "x" * 5000])
def test_unknown_theme_in_cookie_is_ignored(client, db, cookie):
    client.cookies["theme"] = cookie

    response = client.get("/login/")

    assert response.status_code == 200
    assert applied_theme(response) is None
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("theme", ["", "blue", "DARK", "dark\0", "x" * 5000, None])
def test_unknown_theme_is_rejected(client, db, theme):
    response = client.post("/theme/", {} if theme is None else {"theme": theme})

    assert response.status_code == 400
    assert "theme" not in response.cookies


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example", "\r\n//evil.example", ""],
)
def test_next_does_not_redirect_to_other_sites(client, db, url):
    assert client.post("/theme/", {"theme": "dark", "next": url}).headers["Location"] == "/"


def test_redirect_preserves_query_string(client, db):
    response = client.post("/theme/", {"theme": "dark", "next": "/students/?q=a&page=2"})

    assert response.headers["Location"] == "/students/?q=a&page=2"
