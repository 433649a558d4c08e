"""Who may go where: every address of the site × every kind of person × GET and POST.

The common room is closed and there is one class room: `teacher` owns it, `student` and `classmate` are in it, and
`student` wrote the post. The person looked at is `classmate`. What one may not know of is 404, what one may see and
not do is 403, and `in` is the way to the sign-in page and back.
"""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.tests.factories import PASSWORD, AdminFactory
from accounts.tests.helpers import filled
from posts.actions import write_post
from posts.models import Room
from posts.tests.factories import MembershipFactory, RoomFactory

WHO = ("visitor", "student", "classmate", "outsider", "pending_teacher", "teacher", "admin", "deactivated")

TABLE = """
                                visitor student classm. outsid. waiting teacher admin   deactivated

healthz                    GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405
readyz                     GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405
theme                      GET  405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302
admin:index                GET  in      403     403     403     403     403     200     in
                           POST in      403     403     403     403     403     200     in

landing                    GET  200     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405
register                   GET  200     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405
register_student           GET  200     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302
register_teacher           GET  200     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302
login                      GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
login_student              GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
login_teacher              GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
logout                     GET  405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302
password_reset             GET  200     200     200     200     200     200     200     200
                           POST 302     302     302     302     302     302     302     302
password_reset_done        GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405
password_reset_confirm     GET  200     200     200     200     200     200     200     200
                           POST 200     200     200     200     200     200     200     200
password_reset_complete    GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405

account                    GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
password_change            GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
sessions                   GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
account_export             GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
account_delete             GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in

home                       GET  in      302     302     302     302     302     302     in
                           POST in      405     405     405     405     405     405     in
home_student               GET  in      200     200     200     403     403     403     in
                           POST in      405     405     405     405     405     405     in
home_teacher               GET  in      403     403     403     200     200     403     in
                           POST in      405     405     405     405     405     405     in
home_administrator         GET  in      403     403     403     403     403     200     in
                           POST in      405     405     405     405     405     405     in

students                   GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
teachers                   GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
profile                    GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
popover                    GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
avatar                     GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in

rooms                      GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
room                       GET  in      200     200     404     404     200     200     in
                           POST in      302     302     404     404     302     302     in
room_updates               GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
room_read                  GET  in      405     405     405     405     405     405     in
                           POST in      302     302     404     404     302     302     in
post                       GET  in      302     302     404     404     302     302     in
                           POST in      405     405     405     405     405     405     in
post_edit                  GET  in      200     403     404     404     403     403     in
                           POST in      302     403     404     404     403     403     in
post_delete                GET  in      200     403     404     404     200     200     in
                           POST in      302     403     404     404     302     302     in

notifications              GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
notification_read          GET  in      405     405     405     405     405     405     in
                           POST in      302     302     302     302     302     302     in
notification_unread        GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
live                       GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
"""

NEW = "another horse staple"
# What a POST sends, so that it does what it is for.
SENT = {
    "theme": {"theme": "dark"},
    "register_student": filled(),
    "register_teacher": filled(),
    "login": {"username": "nobody", "password": PASSWORD},
    "login_student": {"username": "nobody", "password": PASSWORD},
    "login_teacher": {"username": "nobody", "password": PASSWORD},
    "password_reset": {"email": "nobody@school.example"},
    "account": lambda person: {"email": getattr(person, "email", ""), "location": "House Elm"},
    "password_change": {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
    "sessions": {"others": "1"},
    "account_delete": {"password": PASSWORD, "understood": "on"},
    "room": {"body": "Good morning!"},
    "post_edit": {"body": "Good evening!"},
    "post_delete": {"reason": "by mistake"},
}


def read_table():
    """Return {(name, method): {who: expected}}."""
    table, name = {}, None
    for line in TABLE.splitlines()[2:]:
        if line.strip():
            *first, method = line[:32].split()
            name = first[0] if first else name
            table[name, method] = dict(zip(WHO, line[32:].split(), strict=True))
    return table


def addresses(patterns=None):
    """Yield the name of every address of the site; of the admin, its front page."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern.name
        elif pattern.namespace == "admin":
            yield "admin:index"
        else:
            yield from addresses(pattern.url_patterns)


@pytest.fixture
def scene(student, classmate, outsider, pending_teacher, teacher, admin, deactivated, settings):
    """Return the people by what the table calls them, and a function from a name to the address to ask for."""
    Room.objects.filter(is_common=True).update(archived_at=timezone.now())
    AdminFactory(username="deputy")  # so that the other administrator may leave
    room = RoomFactory(owner=teacher, slug="form-7b")
    for person in (student, classmate):
        MembershipFactory(user=person, room=room)
    post = write_post(student, room, "Good day!")
    classmate.avatar.save("kim.webp", ContentFile(b"a picture"))
    people = {
        "visitor": None, "student": student, "classmate": classmate, "outsider": outsider,
        "pending_teacher": pending_teacher, "teacher": teacher, "admin": admin, "deactivated": deactivated,
    }  # fmt: skip
    arguments = {
        "password_reset_confirm": ["MQ", "a-b"],
        "profile": ["kim"],
        "popover": ["kim"],
        "avatar": [classmate.avatar.name.removeprefix("avatars/")],
        "post": [post.pk],
        "post_edit": [post.pk],
        "post_delete": [post.pk],
    }

    def address_of(name):
        default = [room.slug] if name.startswith("room_") or name == "room" else []
        return reverse(name, args=arguments.get(name, default))

    return people, address_of


def ask(method, address, person, sent):
    """Return what `person` gets: the status, or "in" when they are sent to sign in. Nothing that it does stays."""
    client = Client()
    if person is not None:
        client.force_login(person)
    with transaction.atomic():
        response = getattr(client, method.lower())(address, sent)
        response.getvalue()  # a file is closed when it is read
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if location.startswith("/login/?"):
        assert location == f"/login/?next={address}"
        return "in"
    return str(response.status_code)


def test_every_address_has_a_row():
    assert {name for name, _method in read_table()} == set(addresses())


@pytest.mark.parametrize(("name", "method"), read_table())
def test_everybody_gets_what_the_table_says(scene, name, method):
    people, address_of = scene
    sent = SENT.get(name, {}) if method == "POST" else {}

    found = {
        who: ask(method, address_of(name), person, sent(person) if callable(sent) else sent)
        for who, person in people.items()
    }

    assert found == read_table()[name, method]


@pytest.mark.parametrize(
    "name", ["profile", "popover", "avatar", "room", "room_updates", "room_read", "post", "post_edit"]
)
def test_what_one_may_not_know_of_is_answered_as_what_does_not_exist(scene, name):
    people, address_of = scene
    client = Client()
    client.force_login(people["outsider"])
    nothing = {
        "profile": ["nobody"], "popover": ["nobody"], "avatar": ["f" * 32 + ".webp"], "post": [10**9],
            "post_edit": [10**9],
    }.get(name, ["no-such-room"])  # fmt: skip
    method = client.post if name == "room_read" else client.get

    hidden, absent = method(address_of(name)), method(reverse(name, args=nothing))

    assert hidden.status_code == absent.status_code == 404
    one, other = (
        response.content.decode().replace(response.wsgi_request.path, "").split("<main")[1]
        for response in (hidden, absent)
    )
    assert one == other
