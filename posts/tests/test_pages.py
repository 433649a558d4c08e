"""Every page, with everything on it that people can put there, is valid HTML and leads somewhere."""

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
from posts.actions import remove_post, write_post
from posts.models import Membership
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory
from posts.tests.html_checks import check, links_of
from posts.tests.support import html_of

PUBLIC = [
    "/", "/register/", "/register/student/", "/register/teacher/", "/login/", "/login/?next=/rooms/common/",
    "/login/student/?username=sam", "/login/teacher/", "/password-reset/", "/password-reset/sent/",
    "/password-reset/done/", "/password-reset/x/y-z/", "/nowhere/",
]  # fmt: skip
SIGNED_IN = [
    "/home/", "/students/", "/students/?page=2", "/students/?q=kim", "/students/?q=nobody%20%3Cb%3E",
    "/students/?q=" + "x" * 61,
    "/teachers/", "/users/sam/", "/users/kim/", "/users/longest.name-of_all1/", "/users/ms.hale/", "/rooms/",
    "/rooms/chemistry/", "/rooms/chemistry/?before={middle}", "/rooms/chemistry/?at={middle}",
    "/rooms/chemistry/?after={middle}", "/rooms/chemistry/?reply_to={middle}", "/rooms/chemistry/?before=1",
    "/rooms/chemistry/?before=abc", "/rooms/old/", "/rooms/common/", "/rooms/empty/", "/notifications/",
    "/notifications/?page=2", "/account/", "/account/password/", "/account/sessions/", "/account/delete/",
    "/nowhere/", "/users/nobody/", "/home/student/", "/home/teacher/", "/home/administrator/",
]  # fmt: skip
OF_AUTHOR = ["/posts/{mine}/edit/", "/posts/{mine}/delete/"]
OF_OWNER = ["/posts/{middle}/delete/", "/posts/{middle}/edit/"]
CAST = {
    None: PUBLIC,
    "student": SIGNED_IN + OF_AUTHOR,
    "pending_teacher": SIGNED_IN,
    "teacher": SIGNED_IN + OF_OWNER,
    "admin": SIGNED_IN + OF_OWNER,
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
    ("student", "/posts/{mine}/edit/", {"body": ""}),
    ("teacher", "/posts/{middle}/delete/", {"reason": "x" * 201}),
]
TEXTS = [
    "Plain words", "<script>alert('x')</script> & \"quotes\" &lt;", "مرحبا @sam كيف الحال؟", "שלום עולם https://a.example/x",
    "你好，@kim！", "👩‍🔬👍🏽", "x" * 140, "one\n\ntwo\nthree", "@sam @kim @ms.hale @nobody", "https://a.example/?a=1&b='2'",
]  # fmt: skip


@pytest.fixture
def ids(settings, room, student, classmate, teacher, pending_teacher, admin):
    """A school with everything in it that pages show; return the ids that addresses need."""
    settings.POSTS_PER_PAGE = 24
    classmate.first_name, classmate.last_name = "Ḱim Ànne-Marie " * 5, "<Lund> & Søn"
    classmate.location, classmate.description = "שכונה ב׳", "First line\n\"second\" & <third> 'line'"
    classmate.avatar = "avatars/kim.webp"
    classmate.save()
    cast = (student, pending_teacher, admin)
    longest = StudentFactory(
        username="longest.name-of_all1", first_name="漢字" * 60, last_name="عمر" * 40, location="x" * 40
    )
    old = RoomFactory(slug="old", name='<Old> & "closed" ' + "x" * 40, owner=teacher, archived_at=teacher.date_joined)
    empty = RoomFactory(slug="empty", name="Empty", owner=None)
    for person in cast:
        for some in (room, old):
            Membership.objects.get_or_create(user=person, room=some)
        MembershipFactory(user=person, room=RoomFactory(name="漢字 " * 12))
    for person in (*cast, teacher):
        MembershipFactory(user=person, room=empty)
    MembershipFactory(user=longest, room=room, state=Membership.State.APPLIED)
    PostFactory(room=old, author=student)
    PostFactory.create_batch(20, room=room, author=classmate)
    leaver = StudentFactory(username="leaver", first_name="Former")
    MembershipFactory(user=leaver, room=room)
    authors = cycle([student, classmate, teacher, leaver])
    posts = [write_post(author, room, text) for author, text in zip(authors, [*TEXTS, *TEXTS[:6]], strict=False)]
    for parent in posts[:6]:
        write_post(classmate, room, f"Reply to {parent.pk}, @sam @ms.hale", reply_to=parent)
    remove_post(posts[1], classmate)
    remove_post(posts[2], admin)
    close_account(leaver, leaver)
    for person in (*cast, teacher):
        NotificationFactory.create_batch(32, recipient=person)
        NotificationFactory(recipient=person, read_at=person.date_joined, kind="reply")
        NotificationFactory(recipient=person, post=None, actor=teacher, room=room, kind="accepted")
        NotificationFactory(recipient=person, post=None, actor=longest, room=room, kind="applied")
    StudentFactory.create_batch(25, first_name="Kim")
    TeacherFactory(approved_at=None, first_name="<b>")
    return {"mine": posts[0].pk, "middle": posts[9].pk}


@pytest.mark.parametrize("person", CAST)
def test_every_page_is_valid_and_leads_somewhere(client_for, request, ids, person):
    client = client_for(person and request.getfixturevalue(person))
    links = set()

    for path in CAST[person]:
        path = path.format(**ids)
        answer = client.get(path, follow=True)
        assert answer.status_code in (200, 400, 403, 404), path
        links |= links_of(check(html_of(answer), path), answer.request["PATH_INFO"])

    # Pages refused to this person are checked above; no link of the ones that they see leads to a refusal,
    # but for the two that a script hides from all whose post it is not.
    links = {link for link in links if not re.search(r"/posts/\d+/(edit|delete)/$", link)}
    assert len(links) > 5
    assert refusals(client, links) == {}


def refusals(client, links):
    """Return {address: status} of what answers neither with a page nor with the way to one.

    Many lead to one page that differs by the number of a post, or to one of many people who are alike; of those, one
    is asked for.
    """
    waiting = {re.sub(r"(?<==)\d+$|(?<=/users/person)\d+", "N", link): link for link in sorted(links)}
    found = {}
    while waiting:
        shape, link = waiting.popitem()
        answer = client.get(link)
        found[shape] = answer.status_code
        if answer.status_code == 302:
            target = urlsplit(urljoin(link, answer.url)).path
            if target not in found:
                waiting[target] = target
    return {shape: status for shape, status in found.items() if status not in (200, 302)}


@pytest.mark.parametrize("person", sorted({whose for whose, *_form in FORMS}, key=str))
def test_every_page_of_errors_is_valid(client_for, request, ids, person):
    client = client_for(person and request.getfixturevalue(person))

    for path, sent in [(path, sent) for whose, path, sent in FORMS if whose == person]:
        path = path.format(**ids)
        answer = client.post(path, {name: value.format(**ids) for name, value in sent.items()}, follow=True)
        assert answer.status_code in (200, 400), path
        check(html_of(answer), path)


def test_page_for_a_new_password_is_valid(client_for, student):
    client = client_for(None)
    token = default_token_generator.make_token(student)
    link = f"/password-reset/{urlsafe_base64_encode(force_bytes(student.pk))}/{token}/"

    answer = client.get(link, follow=True)
    refused = client.post(answer.request["PATH_INFO"], {"new_password1": "a", "new_password2": "b"})

    for page in (answer, refused):
        assert page.status_code == 200
        check(html_of(page), link)


def test_page_of_a_form_that_was_open_too_long_is_valid(student):
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)

    answer = client.post("/rooms/common/", {"body": "<b>What I wrote"})

    assert answer.status_code == 403
    assert "&lt;b&gt;What I wrote" in html_of(answer)
    check(html_of(answer), "403_csrf")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chosen_look_keeps_the_page_valid(client_for, student, theme):
    client = client_for(student)
    client.cookies["theme"] = theme

    assert check(html_of(client.get("/rooms/")), theme).get("data-theme") == theme


def test_page_for_what_broke_on_our_side_is_valid(client_for, student, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("nobody may read this")

    monkeypatch.setattr("posts.models.room.RoomQuerySet.for_list", broken)
    client = client_for(student)
    client.raise_request_exception = False

    answer = client.get("/rooms/")

    assert answer.status_code == 500
    assert "nobody may read this" not in html_of(answer)
    check(html_of(answer), "500")
