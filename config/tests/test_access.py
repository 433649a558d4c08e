"""Access to every URL."""

from urllib.parse import urljoin

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import PASSWORD, AdminFactory, StudentFactory, TeacherFactory
from accounts.tests.helpers import NEW_PASSWORD, registration_data
from accounts.tests.sessions import create_session
from config.tests.access_table import expected_responses
from posts.actions import write_post
from posts.attachments import Upload
from posts.models import Membership, Notification, Room
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
    "account": lambda user: {"email": getattr(user, "email", None) or "", "location": "House Elm"},
    "password_change": {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    "sessions": {"others": "1"},
    "account_delete": {"password": PASSWORD, "understood": "on"},
    "room": {"body": "Good morning!"},
    "class_list_import": {"rows": "ida,Ida Wells"},
    "room_create": {"name": "Form 8"},
    "room_join": {"code": "abcd-efgh"},
    "room_leave": {"successor": "mr.cole"},  # of the room's owner
    "room_notify": {"level": "nothing"},
    "room_settings": {"name": "Form 8"},
    "room_groups": {"number": "2", "method": "random"},
    "rooms_archive": {"rooms": "form-7b", "is_confirmed": "1"},
    "post_edit": {"body": "Good evening!"},
    "post_delete": {"reason": "by mistake"},
    "post_react": {"emoji": "👍"},
}
ROOM = "form-7b"
# The arguments of URLs, except the ids of posts.
ARGUMENTS = {
    "password_reset_confirm": ["MQ", "a-b"],
    "profile": ["kim"],
    "popover": ["kim"],
    "user_approve": ["mr.new"],
    "class_list_import": [ROOM],
    "class_list_cards": [ROOM],
    "member_reset_password": [ROOM, "kim"],
    "room_create": [],
    "room_join": [],
    "room_join_link": ["ABCDEFGH"],
    "members_accept": [ROOM],
    "members_add": [ROOM],
    "members_export": [ROOM],
    "member_accept": [ROOM, "ren"],
    "member_decline": [ROOM, "ren"],
    "member_add": [ROOM, "mr.new"],
    "member_remove": [ROOM, "kim"],
    "member_promote": [ROOM, "mx.ray"],
    "member_demote": [ROOM, "mr.cole"],
    "attachment": ["a.webp"],
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
def users(student, classmate, outsider, pending_teacher, teacher, admin, deactivated):
    """Return the users by their names in the table, with the co-teacher of the teacher's room."""
    return {
        "visitor": None,
        "student": student,
        "classmate": classmate,
        "outsider": outsider,
        "pending_teacher": pending_teacher,
        "teacher": teacher,
        "co_teacher": TeacherFactory(username="mr.cole"),
        "admin": admin,
        "deactivated": deactivated,
    }


@pytest.fixture
def site(users, settings):
    """Return the users, and a function that returns the URL for a URL name."""
    student, classmate, teacher = (users[name] for name in ("student", "classmate", "teacher"))
    Room.objects.filter(is_common=True).update(archived_at=timezone.now())
    AdminFactory(username="deputy")  # so that the other administrator can close their account
    room = RoomFactory(owner=teacher, slug=ROOM, join_code="ABCDEFGH")
    MembershipFactory(user=student, room=room)
    MembershipFactory(user=classmate, room=room, created_account=True)
    MembershipFactory(user=users["co_teacher"], room=room, is_co_teacher=True)
    MembershipFactory(user=TeacherFactory(username="mx.ray"), room=room)
    MembershipFactory(user=StudentFactory(username="ren"), room=room, state=Membership.State.APPLIED)
    picture = Upload(ContentFile(b"a picture", name="a.webp"), "image/webp", digest="", width=1, height=1)
    post = write_post(student, room, "Good day!", attachment=picture)
    classmate.email = None
    classmate.avatar.save("kim.webp", ContentFile(b"a picture"))
    notification = Notification.objects.create(recipient=student, actor=teacher, post=post, kind="reply")
    arguments = ARGUMENTS | {
        "avatar": [classmate.avatar.name.removeprefix("avatars/")],
        "notification": [notification.pk],
    }

    def url_for(name):
        if name == "post" or name.startswith("post_"):
            return reverse(name, args=[post.pk])
        default = [ROOM] if name.startswith("room_") or name == "room" else []
        return reverse(name, args=arguments.get(name, default))

    return users, url_for


def page_of_action(url):
    """Return the relative URL of the page to which an action belongs, or "" for the URL of a page."""
    return getattr(resolve(url).func, "page", "")


def response_to(method, url, session, data):
    """Return the status of a response, or "in" for a redirect to the sign-in page. Roll back all changes."""
    client = Client()
    if session is not None:
        client.cookies["sessionid"] = session
    with transaction.atomic():
        response = getattr(client, method.lower())(url, data)
        response.getvalue()  # reading a file closes it
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if location.startswith("/login/?"):
        assert location == f"/login/?next={urljoin(url, page_of_action(url))}"
        return "in"
    return str(response.status_code)


@pytest.mark.guarantee("access-table")
def test_every_url_has_a_row(record_property):
    record_property("figure", f"{len(expected_responses())} URLs and methods")
    assert set(expected_responses()) == {(name, method) for name in url_names() for method in ("GET", "POST")}


@pytest.mark.guarantee("access-table")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_responses_match_table(site, method):
    users, url_for = site
    sessions = {label: user and create_session(user) for label, user in users.items()}
    expected = {name: row for (name, each), row in expected_responses().items() if each == method}

    responses = {}
    for name in expected:
        data = DATA.get(name, {}) if method == "POST" else {}
        responses[name] = {
            label: response_to(method, url_for(name), sessions[label], data(user) if callable(data) else data)
            for label, user in users.items()
        }

    assert responses == expected


def test_user_who_must_change_their_password_can_use_no_other_page(site):
    users, url_for = site
    User.objects.filter(pk=users["student"].pk).update(must_change_password=True)
    client = Client()
    client.force_login(users["student"])
    private = {key for key, row in expected_responses().items() if row["visitor"] == "in" and key[0] != "admin:index"}
    private -= {("password_change", "GET"), ("password_change", "POST")}

    responses = {(name, method): getattr(client, method.lower())(url_for(name)) for name, method in private}

    allowed = [(403, None), (302, "/account/password/")]
    wrong = {key: response for key, response in responses.items() if summary_of(response) not in allowed}
    assert wrong == {}


def summary_of(response):
    location = response.headers.get("Location")
    return response.status_code, location and location.partition("?")[0]


CHANGES = {
    "removed": ("classmate", {"state": Membership.State.REMOVED}, "outsider"),
    "demoted": ("co_teacher", {"is_co_teacher": False}, "student"),
}


@pytest.mark.guarantee("lost-access")
@pytest.mark.parametrize(("label", "values", "becomes"), CHANGES.values(), ids=CHANGES)
def test_change_takes_effect_at_the_next_request_to_every_url_of_the_room(site, label, values, becomes):
    users, url_for = site
    Membership.objects.filter(user=users[label]).update(**values)
    session = create_session(users[label])
    rows = {row: columns for row, columns in expected_responses().items() if "/form-7b/" in url_for(row[0])}

    responses = {
        (name, method): response_to(method, url_for(name), session, DATA.get(name, {}) if method == "POST" else {})
        for name, method in rows
    }

    assert len(rows) > 20
    assert responses == {row: columns[becomes] for row, columns in rows.items()}


@pytest.mark.guarantee("hidden")
@pytest.mark.parametrize(
    "name",
    [
        "profile",
        "popover",
        "avatar",
        "room",
        "room_updates",
        "room_read",
        "room_people",
        "room_mentions",
        "room_code",
        "room_code_rotate",
        "room_members",
        "room_members_updates",
        "room_leave",
        "members_accept",
        "members_add",
        "members_export",
        "member_accept",
        "member_decline",
        "member_add",
        "member_remove",
        "member_promote",
        "member_demote",
        "room_settings",
        "room_archive",
        "room_reopen",
        "room_groups",
        "room_groups_choose",
        "room_groups_archive",
        "class_list_import",
        "class_list_cards",
        "member_reset_password",
        "post",
        "post_edit",
        "post_restore",
        "post_react",
        "attachment",
    ],
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
        "post_restore": [10**9],
        "post_react": [10**9],
        "attachment": ["b.webp"],
    }.get(name)
    url = url_for(name)
    missing_kwargs = None if missing_args else resolve(url).kwargs | {"slug": "no-such-room"}
    method = client.post if page_of_action(url) else client.get

    hidden, missing = method(url), method(reverse(name, args=missing_args, kwargs=missing_kwargs))

    assert hidden.status_code == missing.status_code == 404
    hidden_page, missing_page = (
        response.content.decode().replace(response.wsgi_request.path, "").split("<main")[1]
        for response in (hidden, missing)
    )
    assert hidden_page == missing_page
