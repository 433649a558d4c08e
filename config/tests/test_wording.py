"""Error messages and labels of forms: the site's own texts, never Django's."""

import re
from pathlib import Path

import django
import pytest
from django.conf import settings

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, registration_data
from config.tests.bad_input import ACCOUNT_FORMS, FORMS, post_form

TRANSLATED = r'{% translate ".*?"|{% blocktranslate.*?{% endblocktranslate'
CATALOGS = ("conf", "contrib/auth")
NEW_PASSWORDS = {
    "x": "Use at least 10 characters.",
    "password12": "Choose a less common password.",
    "sam@school.example": "Choose a password that is less similar to the email address.",
    "x" * 129: "Use at most 128 characters.",
}


@pytest.fixture(scope="session")
def django_messages():
    """A pattern that matches the English messages of Django's forms and validators."""
    messages = []
    for catalog in CATALOGS:
        text = (Path(django.__file__).parent / catalog / "locale/en/LC_MESSAGES/django.po").read_text()
        for found in re.finditer(r'^msgid(?:_plural)? ((?:".*"\n)+)', text, re.MULTILINE):
            messages.append("".join(re.findall(r'"(.*)"\n', found[1])).replace('\\"', '"'))
    patterns = [re.sub(r"%(\\\(\w+\\\))?[ds]", ".+", re.escape(message)) for message in messages if " " in message]
    assert len(patterns) > 200
    return re.compile("|".join(patterns))


def texts(page):
    """Return the errors of the fields and of the whole form."""
    errors = [page.text(error) for box in page.by_class("invalid-feedback") for error in box.iter("p")]
    return errors + [page.text(error) for box in page.by_class("error-summary") for error in box.iter("li")]


@pytest.mark.parametrize("url", [url for url in FORMS | ACCOUNT_FORMS if url not in ("/theme/", "/logout/")])
def test_errors_are_not_the_ones_of_django(client_for, student, django_messages, url):
    fields = (FORMS | ACCOUNT_FORMS)[url]
    client = client_for(student if url in ACCOUNT_FORMS else None)
    found = set()

    for value in ("", "x", "\0", "x" * 300):
        for data in (dict.fromkeys(fields, value), *(fields | {name: value} for name in fields)):
            response = post_form(client, url, data)
            if response.status_code == 200:
                found.update(texts(Page(response)))

    assert [text for text in found if django_messages.fullmatch(text.rpartition(": ")[2])] == []


@pytest.mark.parametrize(("password", "message"), NEW_PASSWORDS.items())
def test_refused_password_explains_what_to_change(client_for, student, password, message):
    client = client_for(student)
    data = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}

    page = Page(client.post("/account/password/", data))

    assert message in page.field_error("new_password2") + page.field_error("new_password1")


def test_refused_password_of_a_new_user_explains_what_to_change(client_for):
    page = Page(client_for().post("/register/student/", registration_data(password1="robin", password2="robin")))

    assert page.field_error("password1") == (
        "Choose a password that is less similar to the username. Use at least 10 characters. "
        "Choose a less common password."
    )


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        (
            "/register/student/",
            [
                "Username",
                "First name",
                "Email address",
                "Password",
                "Show password",
                "Repeat password",
                "Location",
                "About you",
            ],
        ),
        ("/password-reset/", ["Email address"]),
        ("/account/password/", ["Current password", "New password", "Show password", "Repeat new password"]),
        ("/account/delete/", ["Your password", "I understand that this can't be undone."]),
        (
            "/login/",
            ["Username or email", "Password", "Remember me on this device for 30 days", "This is a shared device"],
        ),
    ],
)
def test_labels_are_plain(client_for, student, path, labels):
    page = Page(client_for(student if "account" in path else None).get(path))

    form = next(form for form in page.by_id("main").iter("form"))
    assert [page.text(label).rstrip("*") for label in form.iter("label")] == labels


@pytest.mark.parametrize(
    ("user", "path", "reason"),
    [
        ("student", "/home/teacher/", "This page is for teachers."),
        ("teacher", "/home/student/", "This page is for students."),
        ("teacher", "/home/administrator/", "This page is for administrators."),
    ],
)
def test_refused_page_names_the_role(client_for, request, user, path, reason):
    response = client_for(request.getfixturevalue(user)).get(path)

    assert response.status_code == 403
    assert reason in Page(response).text()


def test_templates_call_students_students():
    templates = [path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html")]
    texts = [text for template in templates for text in re.findall(TRANSLATED, template, re.DOTALL)]

    assert len(texts) > 300
    assert [text for text in texts if re.search(r"\bpupils?\b", text, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", ["/register/student/", "/register/teacher/", "/account/"])
def test_location_that_is_too_short_explains_what_to_write(client_for, student, path):
    client = client_for(student if path == "/account/" else None)

    page = Page(client.post(path, {"location": "9B"}))

    assert page.text(page.by_id("id_location_helptext")) == "Optional, for example “Class 9B” or “Maple House”."
    assert page.field_error("location") == "Use at least 3 characters, for example “Class 9B”."
