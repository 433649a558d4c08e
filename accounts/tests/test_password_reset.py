"""Coming back in without the password."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

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
    assert message.subject == "Homeroom: a new password"
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


def test_the_address_of_the_form_does_not_hold_the_token(student):
    ask("sam@school.example")
    path = link_in_mail()

    _client, _response, form = follow(path)

    assert path.split("/")[-2] not in form


def test_the_link_works_once(student):
    ask("sam@school.example")
    path = link_in_mail()
    client, _response, form = follow(path)
    client.post(form, {"new_password1": NEW, "new_password2": NEW})

    for again in (Client(), client):
        assert "This link does not work any more" in Page(follow(path, again)[1]).text()
    client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    student.refresh_from_db()
    assert student.check_password(NEW)


def test_the_link_works_for_an_hour(student, monkeypatch):
    made = datetime(2030, 1, 1, 12, 0)
    monkeypatch.setattr(default_token_generator, "_now", lambda: made)
    token = default_token_generator.make_token(student)

    monkeypatch.setattr(default_token_generator, "_now", lambda: made + timedelta(minutes=60))
    assert default_token_generator.check_token(student, token)
    monkeypatch.setattr(default_token_generator, "_now", lambda: made + timedelta(minutes=60, seconds=1))
    assert not default_token_generator.check_token(student, token)


def test_a_changed_address_makes_the_link_stale(student):
    ask("sam@school.example")
    student.email = "new@school.example"
    student.save()

    assert "This link does not work any more" in Page(follow(link_in_mail())[1]).text()


def test_somebody_deactivated_meanwhile_does_not_come_back_by_mail(student):
    ask("sam@school.example")
    student.is_active = False
    student.save()
    client, _response, form = follow(link_in_mail())

    client.post(form, {"new_password1": NEW, "new_password2": NEW})
    client.post("/login/", {"username": "sam", "password": NEW})

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


@pytest.mark.parametrize(
    "token", ["x", "set-password", "a-b", "1-" + "f" * 32, "%00", "%ff", "0" * 5000, "é", "-", "c1-%0d%0a"]
)
@pytest.mark.parametrize(
    "who", ["own", "MQ", "!!", "%00", "%ff", "é", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "LTE", "x" * 5000]
)
def test_a_link_that_nobody_sent_does_not_work(student, who, token):
    who = urlsafe_base64_encode(force_bytes(student.pk)) if who == "own" else who

    response = Client(raise_request_exception=False).get(f"/password-reset/{who}/{token}/")

    assert response.status_code == 200
    assert "This link does not work any more" in Page(response).text()


@pytest.mark.parametrize(("secure", "scheme"), [(False, "http"), (True, "https")])
def test_the_link_leads_to_the_host_that_was_asked(student, settings, secure, scheme):
    settings.ALLOWED_HOSTS = ["school.example"]

    Client().post(
        "/password-reset/", {"email": "sam@school.example"}, secure=secure, headers={"Host": "school.example"}
    )

    assert f"\n{scheme}://school.example/password-reset/" in mail.outbox[0].body


@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"}, {"Host": "school.example@evil.example"}, {"Host": "school.example:80:evil"},
        {"Host": "evil.example/school.example"}, {"Host": "school.example evil"}, {"Host": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_host_gets_no_mail_sent(student, settings, forged):
    settings.ALLOWED_HOSTS = ["school.example"]

    response = Client().post("/password-reset/", {"email": "sam@school.example"}, headers=forged)

    assert (response.status_code, mail.outbox) == (400, [])


def test_a_forwarded_host_changes_nothing(student, settings):
    settings.ALLOWED_HOSTS = ["school.example"]
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}

    Client().post("/password-reset/", {"email": "sam@school.example"}, headers={"Host": "school.example"} | forged)

    assert "http://school.example/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_somebody_signed_in_may_follow_the_link_and_is_signed_out(client_for, student):
    browser = client_for(student)
    ask(student.email)

    _browser, _page, address = follow(link_in_mail(), browser)
    new = {"new_password1": "seven green bottles", "new_password2": "seven green bottles"}
    answer = browser.post(address, new)

    student.refresh_from_db()
    assert answer.status_code == 302
    assert student.check_password("seven green bottles")
    assert browser.get("/home/").url.startswith("/login/")
