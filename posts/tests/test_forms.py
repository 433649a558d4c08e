"""Labels, help texts and errors of every form, for assistive technology."""

import pytest

from accounts.tests.helpers import Page
from posts.actions import write_post

# (user, path, invalid data, fields with errors); "" is an error of the whole form
FORMS = [
    (None, "/register/student/", {"location": "x", "password2": "y"}, "username email password1 location"),
    (
        None,
        "/register/teacher/",
        {"description": "x", "invitation": "x" * 41},
        "username email password1 password2 description invitation",
    ),
    (None, "/login/", {"username": "", "password": ""}, "username password"),
    (None, "/login/student/", {"username": "sam", "password": "wrong"}, ""),
    (None, "/password-reset/", {"email": "x"}, "email"),
    ("student", "/account/", {"email": "x", "location": "x", "avatar": "x"}, "location email"),
    (
        "student",
        "/account/password/",
        {"old_password": "x", "new_password1": "a"},
        "old_password new_password1 new_password2",
    ),
    ("student", "/account/delete/", {"password": "x"}, "password understood"),
    ("admin", "/account/delete/", {"password": "x"}, " password understood"),
    ("student", "/students/?q=" + "x" * 61, None, "q"),
    ("student", "/posts/{pk}/edit/", {"body": ""}, "body"),
    ("teacher", "/posts/{pk}/delete/", {"reason": "x" * 201}, "reason"),
]


@pytest.fixture(params=FORMS, ids=lambda form: f"{form[0]} {form[1][:20]}")
def pages(request, client_for, student, room):
    """The parsed page of a form, the page after it was submitted with errors, and the fields with errors."""
    user, path, data, fields = request.param
    path = path.format(pk=write_post(student, room, "The cat is out").pk)
    client = client_for(user and request.getfixturevalue(user))
    submitted = client.get(path) if data is None else client.post(path, data)
    return Page(client.get(path.partition("?")[0])), Page(submitted), fields.split(" ")


def controls(page):
    """Return the visible fields of the form in the main element, without those that scripts show."""
    found = [node for node in page.by_id("main").iter() if node.tag in ("input", "textarea") and node.get("name")]
    return [node for node in found if node.get("type") not in ("hidden", "submit") and node.get("hidden") is None]


def test_form_fields_have_labels_and_descriptions(pages):
    page = pages[0]

    labels = {label.get("for"): page.text(label) for label in page.root.iter("label")}
    for field in controls(page):
        help_text = page.by_id(f"{field.get('id')}_helptext")
        assert labels[field.get("id")]
        assert field.get("aria-describedby") == (None if help_text is None else help_text.get("id"))
        assert field.get("aria-invalid") is None
    assert page.error_summary() == ("", [])


def test_form_errors_are_listed_and_linked_to_their_fields(pages):
    _page, page, fields = pages

    summary, links = page.error_summary()
    invalid = [field.get("id") for field in controls(page) if page.field_error(field.get("name"))]
    title = "There is a problem" if len(fields) == 1 else f"Please correct the {len(fields)} errors below"
    assert summary.startswith(title + " ")
    assert links == invalid == [f"id_{name}" for name in fields if name]
    assert all(page.field_error(link.removeprefix("id_")) in summary for link in links)
    assert len(list(page.by_class("error-summary")[0].iter("li"))) == len(fields)


@pytest.mark.parametrize("path", ["/register/teacher/", "/account/", "/account/password/", "/account/delete/"])
def test_password_managers_recognise_every_field(client_for, student, path):
    page = Page(client_for(None if "register" in path else student).get(path))

    expected = {
        "username": "username",
        "email": "email",
        "password1": "new-password",
        "password2": "new-password",
        "old_password": "current-password",
        "new_password1": "new-password",
        "new_password2": "new-password",
        "current_password": "current-password",
        "password": "current-password",
        "first_name": "given-name",
        "last_name": "family-name",
        "invitation": "off",
    }
    found = {field.get("name"): field.get("autocomplete") for field in controls(page)}
    assert found == {name: expected.get(name) for name in found}


def test_checkbox_comes_before_its_label(client_for, student):
    html = client_for(student).get("/account/delete/").content.decode()

    assert html.index('type="checkbox"') < html.index('for="id_understood"')
