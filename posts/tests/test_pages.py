"""Every page is valid HTML, and its links work."""

import re
from itertools import cycle
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.actions import close_account
from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.actions import react, remove_post, write_post
from posts.models import Emoji, Membership
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory
from posts.tests.html_checks import check_page, find_links
from posts.tests.support import html_of

PUBLIC_PAGES = [
    "/",
    "/register/",
    "/register/student/",
    "/register/teacher/",
    "/login/",
    "/login/?next=/rooms/common/",
    "/login/student/?username=sam",
    "/login/teacher/",
    "/password-reset/",
    "/password-reset/sent/",
    "/password-reset/done/",
    "/password-reset/x/y-z/",
    "/nowhere/",
]
USER_PAGES = [
    "/posts/{middle}/react/",
    "/home/",
    "/students/",
    "/students/?page=2",
    "/students/?q=kim",
    "/students/?q=nobody%20%3Cb%3E",
    "/students/?q=" + "x" * 61,
    "/teachers/",
    "/users/sam/",
    "/users/kim/",
    "/users/longest.name-of_all1/",
    "/users/ms.hale/",
    "/rooms/",
    "/rooms/chemistry/",
    "/rooms/chemistry/?before={middle}",
    "/rooms/chemistry/?at={middle}",
    "/rooms/chemistry/?after={middle}",
    "/rooms/chemistry/?reply_to={middle}",
    "/rooms/chemistry/?present",
    "/rooms/chemistry/?before=1",
    "/rooms/chemistry/?before=abc",
    "/rooms/chemistry/members/",
    "/rooms/chemistry/members/?q=nobody%20%3Cb%3E",
    "/rooms/common/members/",
    "/rooms/new/",
    "/rooms/chemistry/code/",
    "/rooms/common/code/",
    "/rooms/chemistry/settings/",
    "/rooms/common/settings/",
    "/rooms/old/code/",
    "/rooms/old/settings/",
    "/rooms/old/",
    "/rooms/history/",  # the administrator is not a member
    "/rooms/common/",
    "/rooms/empty/",
    "/rooms/join/",
    "/rooms/join/ASKCHEM2/",
    "/rooms/join/ASKHIST2/",
    "/rooms/join/%3Cb%3E/",
    "/rooms/chemistry/leave/",
    "/rooms/history/leave/",
    "/notifications/",
    "/notifications/?page=2",
    "/account/",
    "/account/password/",
    "/account/sessions/",
    "/account/delete/",
    "/nowhere/",
    "/users/nobody/",
    "/home/student/",
    "/home/teacher/",
    "/home/administrator/",
]
AUTHOR_PAGES = ["/posts/{mine}/edit/", "/posts/{mine}/delete/"]
OWNER_PAGES = [
    "/rooms/chemistry/members/add/",
    "/rooms/chemistry/members/add/?q=nobody",
    "/rooms/chemistry/members/sam/remove/",
    "/rooms/chemistry/members/import/",
    "/rooms/chemistry/members/cards/",
    "/rooms/chemistry/members/kim/reset-password/",
    "/posts/{middle}/delete/",
    "/posts/{middle}/edit/",
]
PAGES = {
    None: PUBLIC_PAGES,
    "student": USER_PAGES + AUTHOR_PAGES,
    "pending_teacher": USER_PAGES,
    "teacher": USER_PAGES + OWNER_PAGES,
    "admin": USER_PAGES + OWNER_PAGES,
}
FORMS = [
    (None, "/register/student/", {"username": "<", "email": "x", "password1": "a", "password2": "b", "location": "x"}),
    (None, "/register/teacher/", {"description": "short", "invitation": "x" * 41}),
    (None, "/login/", {"username": "sam", "password": "wrong"}),
    (None, "/password-reset/", {"email": "x"}),
    (None, "/theme/", {"theme": "pink"}),
    ("student", "/account/", {"email": "x", "location": "x", "description": "x", "first_name": "x" * 151}),
    ("student", "/account/password/", {"old_password": "x", "new_password1": "a", "new_password2": "b"}),
    ("student", "/account/delete/", {"password": "x"}),
    ("student", "/rooms/chemistry/", {"body": "x" * 141, "reply_to": "x", "token": "x"}),
    ("student", "/rooms/chemistry/", {"body": "<b>\u05d0\u05d1</b>" * 30, "reply_to": "{middle}"}),
    ("student", "/rooms/join/", {"code": "<b>"}),
    ("teacher", "/rooms/chemistry/leave/", {"successor": "<b>"}),
    ("student", "/posts/{mine}/edit/", {"body": ""}),
    ("teacher", "/posts/{middle}/delete/", {"reason": "x" * 201}),
    ("teacher", "/rooms/chemistry/members/import/", {"rows": "ida,<b>Ida\nsam\nolu"}),
    ("teacher", "/rooms/chemistry/members/import/", {"rows": "<b>,\"'<i>\nms.hale", "confirm": "yes"}),
    ("teacher", "/rooms/chemistry/members/import/", {"file": "x"}),
    ("teacher", "/rooms/chemistry/members/cards/", {"after": "x"}),
    ("teacher", "/rooms/chemistry/members/sam/remove/", {"reason": "x" * 201, "next": '"><b>'}),
    ("teacher", "/rooms/new/", {"name": "", "description": "<" * 201, "joining": "x"}),
    (
        "teacher",
        "/rooms/chemistry/settings/",
        {"name": "<" * 61, "joining": "x", "code_expires_at": "<", "code_max_uses": "x"},
    ),
]
TEXTS = [
    "Plain text",
    "<script>alert('x')</script> & \"quotes\" &lt;",
    "مرحبا @sam كيف الحال؟",
    "שלום עולם https://a.example/x",
    "你好，@kim！",
    "👩‍🔬👍🏽",
    "x" * 140,
    "one\n\ntwo\nthree",
    "@sam @kim @ms.hale @nobody",
    "https://a.example/?a=1&b='2'",
]


@pytest.fixture
def long_name(classmate):
    """A user with long names. `classmate` gets unusual texts, too."""
    classmate.first_name, classmate.last_name = "Ḱim Ànne-Marie " * 5, "<Lund> & Søn"
    classmate.location, classmate.description = "שכונה ב׳", "First line\n\"second\" & <third> 'line'"
    classmate.avatar = "avatars/kim.webp"
    classmate.save()
    StudentFactory.create_batch(7, first_name="Kim")
    TeacherFactory(approved_at=None, first_name="<b>")
    return StudentFactory(
        username="longest.name-of_all1", first_name="漢字" * 60, last_name="عمر" * 40, location="x" * 40
    )


@pytest.fixture
def rooms(room, student, teacher, pending_teacher, admin, long_name):
    """Rooms of each kind, with members and join requests."""
    old = RoomFactory(slug="old", name='<Old> & "closed" ' + "x" * 40, owner=teacher, archived_at=teacher.date_joined)
    empty = RoomFactory(slug="empty", name="Empty", owner=None)
    asked = RoomFactory(slug="history", join_code="ASKHIST2", description="<Old> & new")
    RoomFactory(name='<New> & "open" ' + "x" * 40, join_code="ASKCHEM2")
    for user in (student, pending_teacher, admin):
        MembershipFactory(user=user, room=asked, state=Membership.State.APPLIED)
        for member_of in (room, old):
            Membership.objects.get_or_create(user=user, room=member_of)
        MembershipFactory(user=user, room=RoomFactory(name="漢字 " * 12))
    for user in (student, pending_teacher, admin, teacher):
        MembershipFactory(user=user, room=empty)
    MembershipFactory(user=long_name, room=room, state=Membership.State.APPLIED)
    PostFactory(room=old, author=student)
    PostFactory(room=asked, author=teacher)


@pytest.fixture
def ids(settings, rooms, room, student, classmate, teacher, pending_teacher, admin, long_name):
    """Create users, rooms, posts and notifications of every kind. Return the ids for the paths."""
    settings.POSTS_PER_PAGE = 12
    settings.PEOPLE_PER_PAGE = 6
    PostFactory.create_batch(5, room=room, author=classmate)
    closed = StudentFactory(username="leaver", first_name="Former")
    MembershipFactory(user=closed, room=room)
    authors = cycle([student, classmate, teacher, closed])
    posts = [write_post(author, room, text) for author, text in zip(authors, TEXTS, strict=False)]
    for parent in posts[:6]:
        write_post(classmate, room, f"Reply to {parent.pk}, @sam @ms.hale", reply_to=parent)
    react(classmate, posts[9], Emoji.HEART)
    remove_post(posts[1], classmate)
    remove_post(posts[2], admin)
    close_account(closed, closed)
    for user in (student, pending_teacher, admin, teacher):
        NotificationFactory.create_batch(32, recipient=user)
        NotificationFactory(recipient=user, read_at=user.date_joined, kind="reply")
        NotificationFactory(recipient=user, post=None, actor=teacher, room=room, kind="accepted")
        NotificationFactory(recipient=user, post=None, actor=long_name, room=room, kind="applied")
    return {"mine": posts[0].pk, "middle": posts[9].pk}


@pytest.mark.parametrize("user", PAGES)
def test_every_page_is_valid_and_its_links_work(client_for, request, ids, user):
    client = client_for(user and request.getfixturevalue(user))
    links = set()

    for path in PAGES[user]:
        path = path.format(**ids)
        response = client.get(path, follow=True)
        assert response.status_code in (200, 400, 403, 404), path
        tree = check_page(html_of(response), path)
        if response.status_code == 200:
            assert [node.get("name") for node in tree.iter("meta")].count("description") == 1, path
        links |= find_links(tree, response.request["PATH_INFO"])

    # Links to forbidden pages are errors. Exceptions are Edit and Delete, which CSS hides on posts of other users.
    links = {link for link in links if not re.search(r"/posts/\d+/(edit|delete)/$", link)}
    assert len(links) > 5
    assert find_refused(client, links) == {}


def find_refused(client, links):
    """Return {address: status} of the links whose status is neither 200 nor 302.

    Of links that differ only in the id of a post or the name of a generated user, only one is requested.
    """
    pending = {re.sub(r"(?<==)\d+$|(?<=/users/person)\d+|(?<=/posts/)\d+", "N", link): link for link in sorted(links)}
    statuses = {}
    while pending:
        pattern, link = pending.popitem()
        response = client.get(link)
        statuses[pattern] = response.status_code
        if response.status_code == 302:
            target = urlsplit(urljoin(link, response.url)).path
            if target not in statuses:
                pending[target] = target
    return {pattern: status for pattern, status in statuses.items() if status not in (200, 302)}


@pytest.mark.parametrize("user", sorted({user for user, *_form in FORMS}, key=str))
def test_every_page_with_form_errors_is_valid(client_for, request, ids, user):
    client = client_for(user and request.getfixturevalue(user))

    for path, fields in [(path, fields) for form_user, path, fields in FORMS if form_user == user]:
        path = path.format(**ids)
        response = client.post(path, {name: value.format(**ids) for name, value in fields.items()}, follow=True)
        assert response.status_code in (200, 400), path
        check_page(html_of(response), path)


def test_password_reset_page_is_valid(client_for, student):
    client = client_for(None)
    token = default_token_generator.make_token(student)
    link = f"/password-reset/{urlsafe_base64_encode(force_bytes(student.pk))}/{token}/"

    response = client.get(link, follow=True)
    invalid = client.post(response.request["PATH_INFO"], {"new_password1": "a", "new_password2": "b"})

    for page in (response, invalid):
        assert page.status_code == 200
        check_page(html_of(page), link)


def test_csrf_error_page_is_valid_and_preserves_the_text(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)

    response = client.post("/rooms/common/", {"body": "<b>My text"})

    assert response.status_code == 403
    assert "&lt;b&gt;My text" in html_of(response)
    check_page(html_of(response), "403_csrf")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_with_a_theme_is_valid(client_for, student, theme):
    client = client_for(student)
    client.cookies["theme"] = theme

    assert check_page(html_of(client.get("/rooms/")), theme).get("data-theme") == theme


def test_server_error_page_is_valid(client_for, student, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("internal details")

    monkeypatch.setattr("posts.unread.all_rooms", broken)
    client = client_for(student)
    client.raise_request_exception = False

    response = client.get("/rooms/")

    assert response.status_code == 500
    assert "internal details" not in html_of(response)
    check_page(html_of(response), "500")
