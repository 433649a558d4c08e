"""Resetting the password by email."""

import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.test import Client

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry, without_token

NEW = "another horse staple"


def ask(address, **extra):
    return Client(**extra).post("/password-reset/", {"email": address}, follow=True)


def link_in_mail():
    """Return the path of the link in the one mail that was sent."""
    (message,) = mail.outbox
    return re.search(r"https?://[^/\s]+(/password-reset/\S+)", message.body)[1]


def follow(path, client=None):
    """Follow a reset link; return the client, the page, and the form's address."""
    client = client or Client()
    response = client.get(path, follow=True)
    return client, response, response.redirect_chain[-1][0] if response.redirect_chain else path


@pytest.mark.parametrize("typed", ["sam@school.example", "SAM@School.Example", " Sam@school.example "])
def test_a_link_goes_to_an_active_persons_own_address(student, classmate, typed):
    ask(typed)

    (message,) = mail.outbox
    assert message.to == ["sam@school.example"]
    assert message.subject == "Homeroom: reset your password"
    assert "sam" in message.body
    assert "kim" not in message.body


@pytest.mark.parametrize(
    "typed", ["nobody@school.example", "gone@school.example", "sam@school.example.org", "sam@xn--schol-jua.example"]
)
def test_nobody_learns_who_is_registered(student, deactivated, typed):
    known = ask("sam@school.example")
    mail.outbox.clear()

    unknown = ask(typed)

    assert mail.outbox == []
    assert unknown.redirect_chain == known.redirect_chain == [("/password-reset/sent/", 302)]
    assert without_token(unknown) == without_token(known)


@pytest.mark.parametrize(
    "typed",
    ["", "sam", "sám@school.example", "sam@", "a\0b@c.de", "x" * 300 + "@school.example", "a@b.c\r\nBcc: d@e.fg"],
)
def test_what_is_no_address_is_said_beside_the_field(student, typed):
    response = ask(typed)

    assert mail.outbox == []
    assert Page(response).error_beside("email")


def test_the_link_sets_a_new_password(student):
    ask("sam@school.example")

    client, response, form = follow(link_in_mail())
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW}, follow=True)

    assert "Choose a new password" in Page(response).text()
    assert done.redirect_chain == [("/password-reset/done/", 302)]
    student.refresh_from_db()
    assert student.check_password(NEW)
    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["password"], "")
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("one", "two", "field"),
    [
        ("short", "short", "new_password2"),
        (NEW, "x", "new_password2"),
        ("x" * 129, "x" * 129, "new_password1"),
        ("", "", "new_password1"),
    ],
)
def test_a_refused_new_password_is_said_beside_the_field(student, one, two, field):
    ask("sam@school.example")
    client, _response, form = follow(link_in_mail())

    response = client.post(form, {"new_password1": one, "new_password2": two})

    page = Page(response)
    assert page.error_beside(field)
    assert page.error_beside(field) in page.error_summary()[0]
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()


def test_somebody_signed_in_may_follow_the_link_and_is_signed_out(as_, student):
    browser = as_(student)
    ask(student.email)

    _browser, _page, address = follow(link_in_mail(), browser)
    new = {"new_password1": "seven green bottles", "new_password2": "seven green bottles"}
    answer = browser.post(address, new)

    student.refresh_from_db()
    assert answer.status_code == 302
    assert student.check_password("seven green bottles")
    assert browser.get("/home/").url.startswith("/login/")
