"""The pages that `bench` and `loadtest` measure, and their targets."""

from dataclasses import dataclass

from django.test import Client

READER = "sam"  # the student of the demo school who requests the pages
GROWTH_TARGET = 1.1  # largest growth of a ratio from 10,000 to 1,000,000 posts

# Headers that a browser sends with every request.
HEADERS = {
    "Host": "127.0.0.1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.9,es;q=0.7",
    "Accept-Encoding": "gzip, deflate, br",
}
CSRF_TOKEN = "c" * 32


@dataclass(frozen=True)
class Page:
    """A page to measure. `target` is its largest ratio: its CPU time divided by that of the fixed page."""

    name: str
    path: str
    target: float


PAGES = [
    Page("conversation", "/rooms/common/", 3.6),
    Page("popover", "/users/ms.hale/popover/", 2.7),
    Page("rooms", "/rooms/", 3.5),
    Page("home", "/home/student/", 5.2),
    Page("students", "/students/", 5),
    Page("students, search", "/students/?q=ar", 5),
    Page("notifications", "/notifications/", 6.5),
    Page("profile", "/users/ms.hale/", 6.5),
    Page("account", "/account/", 6.5),
]


def headers(session):
    """Return the headers of a browser with the session key `session`."""
    return HEADERS | {"Cookie": f"sessionid={session}; csrftoken={CSRF_TOKEN}"}


def headers_of(user):
    """Return the headers of a browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return headers(client.session.session_key)
