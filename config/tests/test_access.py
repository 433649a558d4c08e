"""Access to every URL."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.tests.factories import PASSWORD, AdminFactory
from accounts.tests.helpers import NEW_PASSWORD, registration_data
from config.tests.access_table import expected_responses
from posts.actions import write_post
from posts.models import Room
from posts.tests.factories import MembershipFactory, RoomFactory

# The data of valid POST requests.
DATA = {
    "theme": {"theme": "dark"},
    "register_student": registration_data(),
    "register_teacher": registration_data(),
    "login": {"username": "nobody", "password": PASSWORD},
    "login_student": {"username": "nobody", "password": PASSWORD},
    "login_teacher": {"username": "nobody", "password": PASSWORD},
    "password_reset": {"email": "nobody@school.example"},
    "account": lambda user: {"email": getattr(user, "email", ""), "location": "House Elm"},
    "password_change": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    "sessions": {"others": "1"},
    "account_delete": {"password": PASSWORD, "understood": "on"},
    "room": {"body": "Good morning!"},
    "post_edit": {"body": "Good evening!"},
    "post_delete": {"reason": "by mistake"},
}


def url_names(patterns=None):
    """Yield the name of every URL. The index represents the admin, which has its own tests of access."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern.name
        elif pattern.namespace == "admin":
            yield "admin:index"
        else:
            yield from url_names(pattern.url_patterns)


@pytest.fixture
def site(student, classmate, outsider, pending_teacher, teacher, admin, deactivated, settings):
    """Return the users by their names in the table, and a function that returns the URL for a URL name."""
    Room.objects.filter(is_common=True).update(archived_at=timezone.now())
    AdminFactory(username="deputy")  # so that the other administrator can close their account
    room = RoomFactory(owner=teacher, slug="form-7b")
    for user in (student, classmate):
        MembershipFactory(user=user, room=room)
    post = write_post(student, room, "Good day!")
    classmate.avatar.save("kim.webp", ContentFile(b"a picture"))
    users = {
        "visitor": None,
        "student": student,
        "classmate": classmate,
        "outsider": outsider,
        "pending_teacher": pending_teacher,
        "teacher": teacher,
        "admin": admin,
        "deactivated": deactivated,
    }
    arguments = {
        "password_reset_confirm": ["MQ", "a-b"],
        "profile": ["kim"],
        "popover": ["kim"],
        "avatar": [classmate.avatar.name.removeprefix("avatars/")],
        "post": [post.pk],
        "post_edit": [post.pk],
        "post_delete": [post.pk],
    }

    def url_for(name):
        default = [room.slug] if name.startswith("room_") or name == "room" else []
        return reverse(name, args=arguments.get(name, default))

    return users, url_for


def response_to(method, url, user, data):
    """Return the status of a response, or "in" for a redirect to the sign-in page. Roll back all changes."""
    client = Client()
    if user is not None:
        client.force_login(user)
    with transaction.atomic():
        response = getattr(client, method.lower())(url, data)
        response.getvalue()  # reading a file closes it
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if location.startswith("/login/?"):
        assert location == f"/login/?next={url.replace('/read/', '/')}"
        return "in"
    return str(response.status_code)


def test_every_url_has_a_row():
    assert set(expected_responses()) == {(name, method) for name in url_names() for method in ("GET", "POST")}


@pytest.mark.parametrize(("name", "method"), expected_responses())
def test_responses_match_table(site, name, method):
    users, url_for = site
    data = DATA.get(name, {}) if method == "POST" else {}

    responses = {
        label: response_to(method, url_for(name), user, data(user) if callable(data) else data)
        for label, user in users.items()
    }

    assert responses == expected_responses()[name, method]


@pytest.mark.parametrize(
    "name", ["profile", "popover", "avatar", "room", "room_updates", "room_read", "post", "post_edit"]
)
def test_hidden_objects_look_like_missing_ones(site, name):
    users, url_for = site
    client = Client()
    client.force_login(users["outsider"])
    missing_args = {
        "profile": ["nobody"],
        "popover": ["nobody"],
        "avatar": ["f" * 32 + ".webp"],
        "post": [10**9],
        "post_edit": [10**9],
    }.get(name, ["no-such-room"])
    method = client.post if name == "room_read" else client.get

    hidden, missing = method(url_for(name)), method(reverse(name, args=missing_args))

    assert hidden.status_code == missing.status_code == 404
    hidden_page, missing_page = (
        response.content.decode().replace(response.wsgi_request.path, "").split("<main")[1]
        for response in (hidden, missing)
    )
    assert hidden_page == missing_page
