"""Join requests on the home pages and in the list of notifications."""

import re

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import AdminFactory, StudentFactory
from accounts.tests.helpers import Page
from posts.actions import accept_request, decline_request, join_room
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory
from posts.tests.members import message_of, state_of

State = Membership.State


def buttons(page):
    """Return the URLs of the buttons that decide requests."""
    return [button.get("formaction") for button in page.root.iter("button") if button.get("formaction")]


def home_of(client_for, user):
    return Page(client_for(user).get("/home/", follow=True))


@pytest.mark.parametrize("owner", ["teacher", "co_teacher"])
def test_owners_see_the_requests_for_their_rooms(client_for, request, room, applicant, owner):
    owner = request.getfixturevalue(owner)
    MembershipFactory(user=StudentFactory(username="elsewhere"), state=State.APPLIED)
    MembershipFactory(room=room, user=StudentFactory(username="declined"), state=State.DECLINED)
    MembershipFactory(room=room, user=StudentFactory(username="inactive", is_active=False), state=State.APPLIED)

    page = home_of(client_for, owner)

    assert buttons(page) == ["/rooms/chemistry/members/ren/accept/", "/rooms/chemistry/members/ren/decline/"]
    assert "Needs your attention 1 RM Ren Mori asked to join Chemistry 9b @ren Accept Decline" in page.text()


def test_request_is_accepted_from_home_with_one_tap(client_for, room, applicant, teacher):
    client = client_for(teacher)
    page = home_of(client_for, teacher)
    [back] = [field.get("value") for field in page.by_id("member-form").iter("input") if field.get("name") == "next"]

    response = client.post(buttons(page)[0], {"next": back}, follow=True)

    assert response.redirect_chain == [("/home/teacher/", 302)]
    assert "Ren Mori is now a member of Chemistry 9b." in Page(response).text()
    assert "Needs your attention" not in Page(response).text()
    assert state_of(applicant, room) == State.MEMBER


def test_home_shows_the_oldest_requests_and_links_to_all(client_for, teacher):
    rooms = [RoomFactory(owner=teacher, name=name, slug=name.lower()) for name in ("Chess", "Biology")]
    for number in range(6):
        MembershipFactory(room=rooms[number % 2], state=State.APPLIED, user=StudentFactory(username=f"s-{number}"))

    page = home_of(client_for, teacher)

    assert [url.split("/")[4] for url in buttons(page)[::2]] == ["s-0", "s-1", "s-2", "s-3", "s-4"]
    assert "All join requests: Biology (3), Chess (3)" in page.text()
    assert {"/rooms/chess/members/", "/rooms/biology/members/"} <= set(page.links())


@pytest.mark.parametrize("change", ["no requests", "archived", "approval revoked", "demoted"])
def test_section_is_absent_if_there_is_nothing_to_decide(client_for, room, applicant, co_teacher, change):
    if change == "no requests":
        Membership.objects.filter(user=applicant).delete()
    elif change == "archived":
        Room.objects.update(archived_at=timezone.now())
    elif change == "approval revoked":
        User.objects.filter(pk=co_teacher.pk).update(approved_at=None)
    else:
        Membership.objects.update(is_co_teacher=False)

    page = home_of(client_for, User.objects.get(pk=co_teacher.pk))

    assert "Needs your attention" not in page.text()
    assert buttons(page) == []


def test_students_see_no_requests(client_for, room, applicant, student):
    assert buttons(home_of(client_for, student)) == buttons(Page(client_for(student).get("/notifications/"))) == []


def test_administrators_see_requests_for_own_rooms_and_rooms_without_an_owner(client_for, room, applicant, admin):
    for slug, owner in (("own", admin), ("nobody", None), ("other", AdminFactory())):
        asks = MembershipFactory(room=RoomFactory(slug=slug, owner=owner), state=State.APPLIED)
        assert asks.user.is_active

    assert {url.split("/")[2] for url in buttons(home_of(client_for, admin))} == {"own", "nobody"}


@pytest.mark.parametrize("decide", [accept_request, decline_request])
def test_notification_has_buttons_until_the_request_is_decided(client_for, room, teacher, outsider, decide):
    membership = join_room(outsider, room.join_code)
    client = client_for(teacher)
    page = Page(client.get("/notifications/"))
    assert buttons(page) == ["/rooms/chemistry/members/olu/accept/", "/rooms/chemistry/members/olu/decline/"]

    decide(membership, teacher)

    page = Page(client.get("/notifications/"))
    assert buttons(page) == []
    assert re.search(r"olu asked to join \d\d:\d\d Chemistry 9b", page.text())


def test_request_is_declined_from_the_notification(client_for, room, teacher, outsider):
    join_room(outsider, room.join_code)

    response = client_for(teacher).post("/rooms/chemistry/members/olu/decline/", {"next": "/notifications/?page=1"})

    assert response["Location"] == "/notifications/?page=1"
    assert message_of(response) == "You declined the request from olu to join Chemistry 9b."
    assert not teacher.notifications.unread().exists()


def test_former_owner_does_not_see_whether_a_request_is_open(client_for, room, co_teacher, outsider):
    join_room(outsider, room.join_code)
    Membership.objects.filter(user=co_teacher).update(is_co_teacher=False)

    assert buttons(Page(client_for(co_teacher).get("/notifications/"))) == []


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(("path", "expected"), [("/notifications/", 6), ("/home/teacher/", 8)])
def test_number_of_queries_is_fixed(client_for, django_assert_num_queries, room, teacher, path, expected, number):
    for _number in range(number):
        user = MembershipFactory(room=room, state=State.APPLIED).user
        NotificationFactory(recipient=teacher, post=None, actor=user, room=room, kind="applied")
    client = client_for(teacher)

    with django_assert_num_queries(expected):
        client.get(path)
