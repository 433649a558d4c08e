"""The page that a visitor wanted to open is preserved while they register and sign in."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, registration_data, sign_in

TARGET = "/rooms/join/ABCDEFGH/?from=qr&x=1"
QUERY = f"?next={quote(TARGET, safe='/')}"
ROLES = ("student", "teacher")


def hidden_next(page):
    """Return the value of the hidden field `next` of the form, or None."""
    fields = page.by_id("main").iter("input")
    return next((field.get("value") for field in fields if field.get("name") == "next"), None)


def test_visitor_is_sent_from_the_link_to_the_forms_and_back(client, db):
    login = client.get(TARGET)["Location"]
    register = next(url for url in Page(client.get(login)).links() if url.startswith("/register/"))
    form_url = next(url for url in Page(client.get(register)).links() if url.startswith("/register/student/"))
    form = Page(client.get(form_url))

    registered = client.post("/register/student/", registration_data(next=hidden_next(form)))
    login_page = Page(client.get(registered["Location"]))
    signed_in = sign_in(client, "robin", url="/login/student/", next=hidden_next(login_page))

    assert login == f"/login/{QUERY}"
    assert urlsplit(registered["Location"]).path == "/login/student/"
    assert parse_qs(urlsplit(registered["Location"]).query) == {"username": ["robin"], "next": [TARGET]}
    assert login_page.value("username") == "robin"
    assert signed_in["Location"] == TARGET


@pytest.mark.parametrize(
    "path",
    ["/login/", "/login/student/", "/login/teacher/", "/register/", "/register/student/", "/register/teacher/"],
)
def test_all_links_between_the_forms_preserve_the_target(client, db, path):
    page = Page(client.get(path + QUERY))

    links = [link.get("href") for link in page.root.iter("a")]
    links = [link for link in links if link.startswith(("/login/", "/register/"))]
    assert len(links) >= 3
    assert {link.partition("?")[2] for link in links} == {QUERY.removeprefix("?")}


@pytest.mark.parametrize("role", ROLES)
def test_form_with_errors_preserves_the_target(client, db, role):
    page = Page(client.post(f"/register/{role}/", {"username": "x", "next": TARGET}))

    assert hidden_next(page) == TARGET
    assert all(QUERY in link for link in page.links() if link.startswith("/login/"))


def test_failed_sign_in_preserves_the_target(client, student):
    page = Page(sign_in(client, "sam", "wrong password", url="/login/teacher/", next=TARGET))

    assert hidden_next(page) == TARGET
    assert f"/login/student/{QUERY}" in page.links()


@pytest.mark.guarantee("redirects")
@pytest.mark.parametrize(
    "url", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "\x01//evil.example"]
)
def test_target_on_another_site_is_dropped(client, client_for, student, url):
    pages = [Page(client.get(path, {"next": url})) for path in ("/register/", "/register/student/", "/login/")]
    registered = client.post("/register/student/", registration_data(next=url))

    assert {link.partition("?")[2] for page in pages for link in page.links()} == {""}
    assert {hidden_next(page) for page in pages} == {None}
    assert registered["Location"] == "/login/student/?username=robin"
    assert client_for(student).get("/register/", {"next": url})["Location"] == "/home/"


@pytest.mark.parametrize("url", ["/" + "x" * 3000, "/?q=" + "漢" * 200])
def test_target_that_is_too_long_is_dropped(client, student, url):
    registered = client.post("/register/student/", registration_data(next=url))

    assert registered["Location"] == "/login/student/?username=robin"
    assert sign_in(client, "robin", next=url)["Location"] == "/home/"


@pytest.mark.parametrize("path", ["/register/", "/register/student/", "/register/teacher/"])
def test_signed_in_user_is_redirected_to_the_target(client_for, student, path):
    assert client_for(student).get(path + QUERY)["Location"] == TARGET
    assert client_for(student).get(path + "?next=home")["Location"] == "home"
    assert client_for(student).get(path)["Location"] == "/home/"


def test_sign_in_to_the_wrong_role_page_preserves_the_target(client, student):
    sign_in(client, "sam", url="/login/teacher/", next=TARGET)

    assert sign_in(client, "sam", PASSWORD, url="/login/student/", next=TARGET)["Location"] == TARGET
