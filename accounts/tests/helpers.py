"""What several test files need: filled forms, and pages taken apart."""

import json
import re

import html5lib
from django.contrib.admin.models import LogEntry

from accounts.tests.factories import PASSWORD


def filled(**changes):
    """Return what somebody sends with a registration form, with `changes`; a value None leaves the field out."""
    fields = {
        "username": "robin",
        "email": "robin@school.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "location": "House Elm",
        "description": "Chess, bees and long walks.",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


class Page:
    """A response's HTML, in the words of somebody who looks at it."""

    def __init__(self, response):
        self.root = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)

    def by_id(self, id_):
        """Return the element with this id, or None."""
        return next((element for element in self.root.iter() if element.get("id") == id_), None)

    def by_class(self, name):
        """Return the elements of this class."""
        return [element for element in self.root.iter() if name in element.get("class", "").split()]

    def text(self, element=None):
        """Return the text of an element (the page's main part by default), with single spaces."""
        return " ".join("".join((self.by_id("main") if element is None else element).itertext()).split())

    def error_beside(self, field):
        """Return the error beside a field, "" when there is none; what a screen reader is told must agree."""
        box, control = self.by_id(f"id_{field}_error"), self.by_id(f"id_{field}")
        said = f"id_{field}_error" in control.get("aria-describedby", "").split()
        assert said == (box is not None) == (control.get("aria-invalid") == "true")
        return "" if box is None else self.text(box)

    def error_summary(self):
        """Return what the summary at the top of a form says, and the ids that it leads to."""
        boxes = self.by_class("error-summary")
        if not boxes:
            return "", []
        assert boxes[0].get("role") == "alert"
        return self.text(boxes[0]), [link.get("href").removeprefix("#") for link in boxes[0].iter("a")]

    def value(self, field):
        """Return what a field is filled with."""
        control = self.by_id(f"id_{field}")
        return (control.text or "").removeprefix("\n") if control.tag == "textarea" else control.get("value", "")

    def links(self):
        """Return where the links in the page's main part lead."""
        return [link.get("href") for link in self.by_id("main").iter("a")]


def without_token(response):
    """Return a page's text without what differs each time: the forms' tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def the_one_entry():
    """Return the log's one entry: (actor's id, the object's id, its action, changed fields, reason)."""
    entry = LogEntry.objects.get()
    message = json.loads(entry.change_message)
    fields = next((part["changed"]["fields"] for part in message if "changed" in part), [])
    reason = next((part["reason"] for part in message if "reason" in part), "")
    return entry.user_id, entry.object_id, entry.action_flag, fields, reason
