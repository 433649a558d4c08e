"""The sign-in page with a username from the URL, as the QR codes on printed cards contain it."""

import pytest

from accounts.tests.helpers import Page


def focused(page):
    return [element.get("name") for element in page.root.iter("input") if element.get("autofocus") is not None]


@pytest.mark.parametrize("url", ["/login/", "/login/student/", "/login/teacher/"])
@pytest.mark.parametrize("username", ["kim", "Kim.L-9_b"])
def test_username_is_filled_in_and_the_password_has_the_focus(client, db, url, username):
    page = Page(client.get(url, {"username": username}))

    assert (page.value("username"), focused(page)) == (username, ["password"])


@pytest.mark.parametrize(
    "username", ["", "x", "x" * 21, "kim lund", "kim@school.example", "<b>kim</b>", "kim\n", "kím", '"kim"', "\0kim"]
)
def test_anything_else_is_ignored(client, db, username):
    page = Page(client.get("/login/", {"username": username}))

    assert (page.value("username"), focused(page)) == ("", ["username"])


def test_user_who_is_signed_in_is_redirected(client_for, student):
    assert client_for(student).get("/login/?username=kim")["Location"] == "/home/"


@pytest.mark.parametrize(("username", "is_told"), [("kim", True), ("SAM", False), ("", False), ("<b>", False)])
def test_user_who_is_signed_in_is_told_that_the_link_is_for_another_account(client_for, student, username, is_told):
    page = client_for(student).get("/login/", {"username": username}, follow=True)

    text = "You are signed in as sam. To use another account, sign out first."
    assert (text in page.content.decode()) == is_told
