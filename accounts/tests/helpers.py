"""Helpers for tests: form data, requests, parsed pages and log entries."""

import json
import re
from datetime import timedelta

import html5lib
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.files import delete_unused_files
from accounts.models import UnusedFile
from accounts.tests.factories import PASSWORD

NEW_PASSWORD = "another horse staple"


def registration_data(**changes):
    """Return the data of a registration form, with `changes`. A value of None omits the field."""
    fields = {
        "username": "robin",
        "email": "robin@school.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "location": "House Elm",
        "description": "Chess, bees and long walks.",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def sign_in(client, username, password=PASSWORD, url="/login/", REMOTE_ADDR="127.0.0.1", **data):
    return client.post(url, {"username": username, "password": password, **data}, REMOTE_ADDR=REMOTE_ADDR)


def is_signed_in(client):
    return client.get("/account/").status_code == 200


def save_profile(client, user, **changes):
    """Submit the profile form with the current values of `user` and `changes`."""
    data = {name: getattr(user, name) for name in ("email", "language", *user.PROFILE_FIELDS)}
    return client.post("/account/", data | {"current_password": PASSWORD} | changes)


def prune_files():
    """Delete unused files as `manage.py prune` does, today and tomorrow."""
    delete_unused_files()
    UnusedFile.objects.update(found_at=timezone.now() - timedelta(days=1))
    delete_unused_files()


def avatar_files():
    """Return the names of the files in the folder of profile pictures."""
    return default_storage.listdir("avatars")[1] if default_storage.exists("avatars") else []


def error_codes(response):
    """Return {field: error codes} of a rejected form."""
    assert response.status_code == 200
    errors = response.context["form"].errors.get_json_data()
    return {name: [error["code"] for error in field_errors] for name, field_errors in errors.items()}


class Page:
    """The parsed HTML of a response."""

    def __init__(self, response):
        self.root = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)

    def by_id(self, id_):
        return next((element for element in self.root.iter() if element.get("id") == id_), None)

    def by_class(self, name):
        return [element for element in self.root.iter() if name in element.get("class", "").split()]

    def text(self, element=None):
        """Return the text of an element (by default the main element), with normalised whitespace."""
        return " ".join("".join((self.by_id("main") if element is None else element).itertext()).split())

    def field_error(self, field):
        """Return the error of a field, or "". Check that the ARIA attributes of the field agree."""
        box, control = self.by_id(f"id_{field}_error"), self.by_id(f"id_{field}")
        is_described = f"id_{field}_error" in control.get("aria-describedby", "").split()
        assert is_described == (box is not None) == (control.get("aria-invalid") == "true")
        return "" if box is None else self.text(box)

    def error_summary(self):
        """Return the text of the error summary of a form, and the ids of the fields to which it links."""
        boxes = self.by_class("error-summary")
        if not boxes:
            return "", []
        assert boxes[0].get("role") == "alert"
        return self.text(boxes[0]), [link.get("href").removeprefix("#") for link in boxes[0].iter("a")]

    def value(self, field):
        control = self.by_id(f"id_{field}")
        return (control.text or "").removeprefix("\n") if control.tag == "textarea" else control.get("value", "")

    def links(self):
        """Return the URLs of the links in the main element."""
        return [link.get("href") for link in self.by_id("main").iter("a")]


def without_csrf_tokens(response):
    """Return the HTML of a response without CSRF tokens, which differ in each response."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def only_log_entry():
    """Return the only entry of the audit log: (actor's id, object's id, action, changed fields, reason)."""
    entry = LogEntry.objects.get()
    message = json.loads(entry.change_message)
    fields = next((part["changed"]["fields"] for part in message if "changed" in part), [])
    reason = next((part["reason"] for part in message if "reason" in part), "")
    return entry.user_id, entry.object_id, entry.action_flag, fields, reason
