"""The page with the join code of a room."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit import fields_of
from accounts.tests.admin import entries
from accounts.tests.helpers import Page
from posts.models import Membership, Room
from posts.refusals import CommonRoom
from posts.tests.factories import MembershipFactory
from posts.tests.support import html_of, parse_html

CODE = "/rooms/chemistry/code/"


@pytest.fixture
def set_room(room):
    """Return a function that changes fields of the room."""
    return lambda **values: Room.objects.filter(pk=room.pk).update(**values)


@pytest.fixture
def code_page(client_for, teacher, room):
    """Return a function that returns the page, for the owner."""
    return lambda: Page(client_for(teacher).get(CODE))


def test_page_shows_code_link_and_qr_code(client_for, co_teacher, set_room, settings):
    settings.SITE_URL = "https://homeroom.school.example"
    set_room(join_code="ABCDEFGH")

    response = client_for(co_teacher).get(CODE)

    link = "https://homeroom.school.example/rooms/join/ABCDEFGH/"
    page = Page(response)
    assert "ABCD-EFGH" in page.text()
    assert {link, "/rooms/chemistry/"} <= set(page.links())
    image = page.by_class("join-qr")[0]
    assert (image.get("role"), image.get("aria-label")) == ("img", "QR code of the link")
    parse_html(html_of(response))


def test_qr_code_is_black_on_white_with_a_quiet_zone_and_without_inline_styles(code_page):
    svg = code_page().by_class("qr-code")[0]
    background, modules = svg

    size = int(svg.get("viewBox").split()[-1])
    assert size == 29 + 2 * 4
    assert (background.get("fill"), background.get("d")) == ("#fff", f"M0 0h{size}v{size}h-{size}z")
    assert modules.get("stroke") == "#000"
    assert modules.get("d").startswith("M4 4.5h7")
    assert all("style" not in element.attrib for element in svg.iter())


@pytest.mark.parametrize(
    ("joining", "text"),
    [("request", "People with the code ask to join."), ("code", "Everyone with the code joins straight away.")],
)
def test_page_explains_how_people_join(code_page, set_room, joining, text):
    set_room(joining=joining)

    assert text in code_page().text()


def test_page_shows_expiry_remaining_uses_and_requests(code_page, set_room, room):
    set_room(code_expires_at=timezone.now() + timedelta(days=3), code_max_uses=30, code_uses=1)
    for is_active in (True, False):
        MembershipFactory(room=room, state=Membership.State.APPLIED, user__is_active=is_active)

    text = code_page().text()

    for part in ("The code works until:", "29 more people can use the code.", "1 person has asked to join"):
        assert part in text
    assert "doesn't work" not in text


PROBLEMS = {
    "The room is archived.": {"archived_at": timezone.now()},
    "The room is closed for joining.": {"joining": "closed"},
    "The code has expired:": {"code_expires_at": timezone.now() - timedelta(days=1)},
    "It has been used 3 times, which is the maximum.": {"code_max_uses": 3, "code_uses": 3},
}


@pytest.mark.parametrize(("text", "values"), PROBLEMS.items())
def test_page_says_why_a_code_does_not_work(code_page, set_room, text, values):
    set_room(**values)

    assert f"This code doesn't work. {text}" in code_page().text()
    assert "To join, scan" not in code_page().text()


def test_rotated_code_replaces_the_old_one_and_starts_the_uses_again(client_for, co_teacher, room, set_room):
    set_room(code_uses=5)

    response = client_for(co_teacher).post(CODE + "rotate/", follow=True)

    old = room.join_code
    room.refresh_from_db()
    assert response.redirect_chain == [(CODE, 302)]
    assert "The room has a new join code." in Page(response).text()
    assert room.display_code in Page(response).text()
    assert (room.join_code == old, len(room.join_code), room.code_uses) == (False, 8, 0)
    entry = entries(room).get()
    assert (entry.user, fields_of(entry)) == (co_teacher, ["join_code", "code_uses"])


@pytest.mark.parametrize("path", ["", "rotate/"])
def test_common_room_has_no_code(client_for, admin, student, common_room, path):
    send = {"": "get", "rotate/": "post"}[path]

    responses = [getattr(client_for(user), send)(f"/rooms/common/code/{path}") for user in (admin, student)]

    assert [response.status_code for response in responses] == [403, 403]
    assert str(CommonRoom.message) in Page(responses[0]).text()
    assert "manage this room" in Page(responses[1]).text()


def test_code_is_hidden_from_members_and_from_teachers_with_revoked_approval(client_for, teacher, student, room):
    teacher.approved_at = None
    teacher.save()

    for user in (teacher, student):
        for response in (client_for(user).get(CODE), client_for(user).post(CODE + "rotate/")):
            assert response.status_code == 403
            assert room.display_code not in html_of(response)
