"""The appearance of the site: theme, text size and spacing."""

import pytest

from accounts.tests.helpers import Page

CHOICES = [
    ("theme", "light"),
    ("theme", "dark"),
    ("text_size", "115"),
    ("text_size", "130"),
    ("spacing", "wide"),
]


def root_attributes(response):
    root = Page(response).root
    return {name.removeprefix("data-"): value for name, value in root.attrib.items() if name.startswith("data-")}


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_choice_is_stored_and_applied(client, db, name, value):
    response = client.post("/theme/", {name: value, "next": "/login/"})

    cookie = response.cookies[name]
    assert response.headers["Location"] == "/login/"
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (value, 365 * 24 * 60 * 60, "Lax")
    assert cookie["httponly"]
    assert root_attributes(client.get("/login/")) == {name.replace("_", "-"): value}


def test_account_page_offers_text_sizes_and_spacing(client_for, student):
    client = client_for(student)
    client.post("/theme/", {"text_size": "130", "spacing": "wide"})

    page = Page(client.get("/account/"))

    buttons = [button for button in page.by_id("main").iter("button") if button.get("aria-pressed")]
    assert [(each.get("name"), each.get("value"), each.get("aria-pressed")) for each in buttons] == [
        ("text_size", "100", "false"),
        ("text_size", "115", "false"),
        ("text_size", "130", "true"),
        ("spacing", "normal", "false"),
        ("spacing", "wide", "true"),
    ]


def test_choices_do_not_change_each_other(client, db):
    for name, value in (("theme", "dark"), ("text_size", "115"), ("spacing", "wide"), ("text_size", "100")):
        client.post("/theme/", {name: value})

    assert root_attributes(client.get("/login/")) == {"theme": "dark", "spacing": "wide"}


def test_system_theme_deletes_cookie(client, db):
    client.post("/theme/", {"theme": "dark"})

    response = client.post("/theme/", {"theme": "system"})

    assert response.cookies["theme"]["max-age"] == 0
    assert root_attributes(client.get("/login/")) == {}


def test_cookie_is_secure_with_https(client, db, settings):
    settings.HTTPS = True

    assert client.post("/theme/", {"theme": "dark"}).cookies["theme"]["secure"]


@pytest.mark.parametrize("cookie", ["", "blue", '"><script>', "dark light", "x" * 5000])
@pytest.mark.parametrize("name", ["theme", "text_size", "spacing"])
def test_unknown_value_in_cookie_is_ignored(client, db, name, cookie):
    client.cookies[name] = cookie

    response = client.get("/login/")

    assert response.status_code == 200
    assert root_attributes(response) == {}
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("name", ["theme", "text_size", "spacing"])
@pytest.mark.parametrize("value", ["", "blue", "DARK", "dark\0", "x" * 5000, None])
def test_unknown_value_is_rejected(client, db, name, value):
    response = client.post("/theme/", {} if value is None else {"theme": "dark", name: value})

    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example", "\r\n//evil.example", ""],
)
def test_next_does_not_redirect_to_other_sites(client, db, url):
    assert client.post("/theme/", {"theme": "dark", "next": url}).headers["Location"] == "/"


def test_redirect_preserves_query_string(client, db):
    response = client.post("/theme/", {"theme": "dark", "next": "/students/?q=a&page=2"})

    assert response.headers["Location"] == "/students/?q=a&page=2"
