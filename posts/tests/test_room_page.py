"""The page of a room: members, join code, join requests and menu."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, PostFactory
from posts.tests.large_room import fill_room
from posts.tests.support import FETCH, html_of

PATH = "/rooms/chemistry/"
State = Membership.State


def panel_of(response):
    """Return the panel beside the conversation as a Page."""
    return Page(response).by_class("room-panel")[0]


def menu_of(response):
    """Return the links of the menu of the room."""
    menus = Page(response).by_class("conversation-head")[0].iter("details")
    links = [link.get("href") for menu in menus for link in menu.iter("a")]
    assert links.count(f"{response.request['PATH_INFO']}?present") == 1
    return [link for link in links if "?" not in link]


def test_panel_shows_the_description_and_the_members(client_for, student, deactivated, room):
    Room.objects.filter(pk=room.pk).update(description="We meet in <room> 12.")
    for user in (deactivated, *StudentFactory.create_batch(6)):
        MembershipFactory(room=room, user=user)
    for state in (State.APPLIED, State.LEFT, State.REMOVED, State.DECLINED):
        MembershipFactory(room=room, state=state)

    response = client_for(student).get(PATH)

    text = Page(response).text(panel_of(response))
    assert "We meet in <room> 12." in text
    assert "Members 9 members" in text
    assert "Join code" not in text
    assert "asked to join" not in text
    assert "9 members · Ada Hale" in Page(response).text(Page(response).by_class("conversation-head")[0])
    avatars = Page(response).by_class("faces")[0]
    assert len(list(avatars)) == 8
    assert room.display_code not in html_of(response)


@pytest.mark.parametrize("user", ["teacher", "co_teacher", "admin"])
def test_panel_shows_owners_the_code_and_the_requests(client_for, request, co_teacher, deactivated, room, user):
    for applicant in (StudentFactory(), StudentFactory(), deactivated):
        MembershipFactory(room=room, user=applicant, state=State.APPLIED)

    response = client_for(request.getfixturevalue(user)).get(PATH)

    links = {Page(response).text(link): link.get("href") for link in panel_of(response).iter("a")}
    assert links[room.display_code] == "/rooms/chemistry/code/"
    assert links["2 people asked to join"] == "/rooms/chemistry/members/"


@pytest.mark.parametrize(
    "change", [{"joining": "closed"}, {"archived_at": timezone.now()}, {"code_max_uses": 1, "code_uses": 1}]
)
def test_code_that_does_not_work_is_not_shown(client_for, teacher, room, change):
    Room.objects.filter(pk=room.pk).update(**change)

    assert room.display_code not in html_of(client_for(teacher).get(PATH))


@pytest.mark.parametrize(
    ("user", "links"),
    [
        ("student", ["members", "leave"]),
        ("teacher", ["members", "code", "groups", "settings", "leave"]),
        ("co_teacher", ["members", "code", "groups", "settings", "leave"]),
        ("admin", ["members", "code", "groups", "settings"]),
    ],
)
def test_menu_has_the_pages_that_the_user_can_open(client_for, request, room, user, links):
    response = client_for(request.getfixturevalue(user)).get(PATH)

    assert menu_of(response) == [f"/rooms/chemistry/{link}/" for link in links]


def test_co_teacher_without_approval_sees_what_members_see(client_for, co_teacher, room):
    co_teacher.approved_at = None
    co_teacher.save()

    response = client_for(co_teacher).get(PATH)

    assert menu_of(response) == ["/rooms/chemistry/members/", "/rooms/chemistry/leave/"]
    assert room.display_code not in html_of(response)


@pytest.mark.parametrize(("user", "shows_code"), [("teacher", True), ("student", False)])
def test_empty_room_invites_the_class(client_for, request, room, user, shows_code):
    response = client_for(request.getfixturevalue(user)).get(PATH)

    text = Page(response).text(Page(response).by_class("empty")[0])
    code = f" {room.display_code} Invite class" if shows_code else ""
    assert text == f"No posts yet. Say hello!{code}"


def test_archived_room_is_marked_and_explains_that_nobody_can_post(client_for, student, room_post):
    Room.objects.filter(pk=room_post.room_id).update(archived_at=timezone.now())

    page = Page(client_for(student).get(PATH))

    assert "Archived" in [page.text(badge) for badge in page.by_class("badge")]
    assert "This room is archived. You can read it, but nobody can post." in page.text()
    assert page.by_id("composer") is None


def test_presented_room_shows_the_conversation_alone(client_for, teacher, room, room_post):
    MembershipFactory(room=room, state=State.APPLIED)

    response = client_for(teacher).get(f"{PATH}?present")

    page = Page(response)
    links = {link for link in page.links() if not link.startswith(("/posts/", "/users/", f"{PATH}?reply_to"))}
    assert links == {PATH, f"{PATH}?at={room_post.pk}&present"}  # the button that ends it, and "Go to newest"
    assert "The swordfish swims at dawn" in page.text()
    assert page.by_id("mark-unread") is not None  # scripts take its token to mark posts as read
    absent = ("topbar", "room-list", "room-panel", "composer", "unread-line")
    assert [name for name in absent if page.by_class(name)] == []


def test_presented_room_shows_no_notices(client_for, pending_teacher, common_room):
    client = client_for(pending_teacher)
    client.post("/rooms/common/notify/", {"level": "nothing"})

    texts = [Page(client.get(path)).text() for path in ("/rooms/common/?present", "/rooms/common/")]

    notices = ("Your account is awaiting approval.", "Notifications about Common room are off.")
    assert [[notice in text for notice in notices] for text in texts] == [[False, False], [True, True]]


def test_empty_archived_room_does_not_invite_to_post(client_for, student, room):
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())

    text = Page(client_for(student).get(PATH)).text()

    assert "No posts." in text
    assert "Say hello" not in text


def test_room_with_posts_invites_nobody(client_for, teacher, room_post):
    for query in ("", f"?before={room_post.pk}"):
        assert "Invite class" not in html_of(client_for(teacher).get(f"{PATH}{query}"))


@pytest.mark.parametrize("description", ["", "For all of us."])
@pytest.mark.parametrize(("user", "links"), [("teacher", []), ("admin", ["members", "settings"])])
def test_common_room_does_not_count_its_members(client_for, request, common_room, user, links, description):
    Room.objects.filter(pk=common_room.pk).update(description=description)

    response = client_for(request.getfixturevalue(user)).get("/rooms/common/")

    panels = [Page(response).text(panel) for panel in Page(response).by_class("room-panel")]
    assert panels == (["About For all of us. Members Everyone at school"] if description else [])
    members = Page(response).by_class("conversation-members")[0]
    assert (members.get("href"), Page(response).text(members)) == ("/rooms/common/members/", "Everyone at school")
    assert menu_of(response) == [f"/rooms/common/{link}/" for link in links]


@pytest.mark.parametrize(("user", "expected"), [("student", 10), ("teacher", 10), ("admin", 9)])
def test_page_of_a_large_room_runs_a_fixed_number_of_queries(client_for, request, room, user, expected):
    client = client_for(request.getfixturevalue(user))
    numbers = []
    for fill in (lambda room: PostFactory(room=room), fill_room):
        fill(room)
        client.get(PATH)  # fills the cache of rendered posts
        for headers in ({}, FETCH):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(PATH, headers=headers).status_code == 200
            numbers.append(len(queries))

    # The page: session, user, rooms, room, posts, number of members, pictures and unread count.
    assert numbers == [expected, 5, expected, 5], "\n".join(query["sql"] for query in queries)
    assert b"503 members" in client.get(PATH).content
