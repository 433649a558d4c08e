"""The language of pages and emails."""

import pytest
from django.core import mail

from accounts.models import User
from accounts.outbox import queue_function
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page, save_profile
from accounts.tests.outbox import send_emails
from accounts.tests.sessions import FIREFOX, signed_in_client

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("header", "language", "text"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"),
        ("en-US", "en-gb", "Sign in"),
        ("ka,fr;q=0.9", "en-gb", "Sign in"),
        ("", "en-gb", "Sign in"),
        ("\x00;q=x,,*", "en-gb", "Sign in"),
    ],
)
def test_visitors_read_pages_in_the_language_of_their_browser(client, db, header, language, text):
    response = client.get("/login/", headers={"Accept-Language": header})

    assert f'<html lang="{language}" dir="ltr"' in response.content.decode()
    assert text in Page(response).text()
    assert "Accept-Language" in response["Vary"]


def test_user_chooses_a_language(client_for, student):
    client = client_for(student)

    save_profile(client, student, language="de")

    assert User.objects.get(pk=student.pk).language == "de"
    page = client.get("/account/", headers={"Accept-Language": "en"})
    assert '<html lang="de"' in page.content.decode()
    assert '<html lang="en-gb"' in client_for(StudentFactory()).get("/account/").content.decode()


def test_empty_choice_follows_the_browser(client_for, student):
    User.objects.filter(pk=student.pk).update(language="de")

    save_profile(client_for(student), student, language="")

    assert '<html lang="en-gb"' in client_for(student).get("/account/").content.decode()
    assert '<html lang="de"' in client_for(student).get("/account/", headers=GERMAN).content.decode()


@pytest.mark.parametrize("language", ["fr", "xx", "\0", "../de"])
def test_unknown_languages_are_refused(client_for, student, language):
    page = Page(save_profile(client_for(student), student, language=language))

    assert page.field_error("language")
    assert User.objects.get(pk=student.pk).language == ""


def test_language_that_is_no_longer_available_is_ignored(client_for, student):
    User.objects.filter(pk=student.pk).update(language="fr")

    assert '<html lang="en-gb"' in client_for(student).get("/account/").content.decode()


@pytest.mark.parametrize(("number", "text"), [(1, "1 Ergebnis"), (2, "2 Ergebnisse")])
def test_plurals(client_for, student, number, text):
    StudentFactory.create_batch(number, location="Haus Ahorn")

    page = client_for(student).get("/students/?q=Ahorn", headers=GERMAN)

    assert f"{text} für" in Page(page).text()


def test_error_pages_use_the_language(client_for, student):
    response = client_for(student).get("/rooms/none/", headers=GERMAN)

    assert response.status_code == 404
    assert "Seite nicht gefunden" in Page(response).text()


@pytest.mark.parametrize("path", ["/nothing/", "/rooms/none/", "/home/teacher/", "/rooms/common/?before=x"])
def test_error_pages_use_the_language_of_the_account(client_for, student, path):
    User.objects.filter(pk=student.pk).update(language="de")

    response = client_for(student).get(path, headers={"Accept-Language": "en"})

    assert response.status_code in (400, 403, 404)
    assert '<html lang="de"' in response.content.decode()


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Homeroom: Passwort zurücksetzen"), ("", "Homeroom: reset your password")]
)
def test_queued_emails_use_the_language_of_the_recipient(student, language, subject):
    User.objects.filter(pk=student.pk).update(language=language)
    queue_function("password_reset", {"email": student.email})

    send_emails()

    assert mail.outbox[0].subject == subject


def test_alert_uses_the_language_of_the_account(student):
    User.objects.filter(pk=student.pk).update(language="de", last_login="2026-01-01T00:00Z")

    signed_in_client(student, FIREFOX)

    assert mail.outbox[0].subject == "Homeroom: neue Anmeldung mit deinem Konto"
    assert "Firefox auf Windows" in mail.outbox[0].body


def test_pages_of_right_to_left_languages(client, db, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]

    assert '<html lang="ar" dir="rtl"' in client.get("/login/", headers={"Accept-Language": "ar"}).content.decode()
