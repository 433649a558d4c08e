"""Text in another direction, such as an Arabic name, does not move the text around it."""

import pytest

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.actions import write_post
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import html_of, parse_html

ARABIC = "مرحبا 9"
FIELDS = {"input", "textarea"}  # stylesheets isolate each of their lines
TEXTS = {"placeholder", "aria-label", "title", "alt"}


@pytest.fixture
def users():
    """A student and a teacher with Arabic names, who write to each other in a room with an Arabic name."""
    names = {"first_name": ARABIC, "last_name": ARABIC, "location": ARABIC, "description": f"{ARABIC} {ARABIC}"}
    teacher, student = TeacherFactory(username="ms.hale", **names), StudentFactory(username="sam", **names)
    room = RoomFactory(name=ARABIC, slug="arabic", owner=teacher)
    MembershipFactory(room=room, user=student)
    post = write_post(teacher, room, f"@sam {ARABIC}")
    write_post(student, room, ARABIC, reply_to=post)
    return {"teacher": teacher, "student": student}


def texts_not_isolated(element, is_isolated=False):
    """Return the texts and attributes below `element` in which Arabic text meets text of the site."""
    is_isolated = is_isolated or element.tag == "bdi" or element.get("dir") == "auto" or element.tag in FIELDS
    texts = [element.text, *(child.tail for child in element)] if not is_isolated else []
    texts += [value for name, value in element.items() if name in TEXTS]
    found = [text for text in texts if text and ARABIC in text and f"\u2068{ARABIC}" not in text]
    return found + [text for child in element for text in texts_not_isolated(child, is_isolated)]


@pytest.mark.parametrize("user", ["teacher", "student"])
@pytest.mark.parametrize(
    "path",
    [
        "/home/",
        "/rooms/",
        "/rooms/arabic/",
        "/rooms/arabic/?reply_to={post}",
        "/notifications/",
        "/students/",
        f"/teachers/?q={ARABIC}",
        "/students/?q=مم 9",
        "/users/sam/",
        "/users/sam/popover/",
        "/users/ms.hale/",
    ],
)
def test_text_of_users_is_isolated(client_for, users, path, user):
    post = users["teacher"].posts.get()

    page = html_of(client_for(users[user]).get(path.format(post=post.pk)))

    assert texts_not_isolated(parse_html(page, strict=False)) == []


@pytest.mark.parametrize("path", ["/admin/posts/room/{room}/change/", "/admin/accounts/student/", "/admin/posts/room/"])
def test_titles_of_the_administration_are_isolated(admin_client, users, path):
    path = path.format(room=users["teacher"].owned_rooms.get().pk)
    page = parse_html(html_of(admin_client.get(path)), strict=False)

    assert texts_not_isolated(page.find(".//title")) == []


def test_quote_is_not_cut_inside_a_letter(client_for, users):
    teacher, room = users["teacher"], users["teacher"].owned_rooms.get()
    family, flag = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1ee\U0001f1f8"
    post = write_post(teacher, room, "x" * 77 + family + flag * 15)
    write_post(users["student"], room, "Answer", reply_to=post)

    page = parse_html(html_of(client_for(teacher).get(f"/rooms/arabic/?reply_to={post.pk}")), strict=False)

    assert page.findall(".//a[@class='post-quote']/span[@class='excerpt']")[-1].text == post.body
    assert page.find(".//span[@data-reply-text]").text == post.body
