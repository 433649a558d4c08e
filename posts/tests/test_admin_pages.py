"""Pages of the admin of rooms and posts."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from accounts.tests.admin import change_url, run_action
from accounts.tests.factories import UserFactory
from posts.tests.admin import MEMBERSHIPS, NOTIFICATIONS, POSTS, ROOMS
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory


@pytest.fixture
def room(teacher):
    """A room of the teacher without other members."""
    return RoomFactory(name="Maths 7b", slug="maths-7b", owner=teacher)


@pytest.mark.parametrize("address", [ROOMS + "add/", MEMBERSHIPS + "add/"])
def test_add_page_opens(admin_client, address):
    assert admin_client.get(address).status_code == 200


@pytest.mark.parametrize("address", [POSTS + "add/", NOTIFICATIONS + "add/"])
def test_posts_and_notifications_cannot_be_added(admin_client, address):
    assert admin_client.get(address).status_code == 403


def test_change_page_opens(admin_client, room, common_room):
    notification = NotificationFactory()
    reply = PostFactory(reply_to=notification.post)
    accepted = NotificationFactory(post=None, actor=room.owner, room=room, kind="accepted")

    for obj in (room, common_room, MembershipFactory(room=room), notification, accepted, notification.post, reply):
        assert admin_client.get(change_url(obj)).status_code == 200


@pytest.mark.parametrize(("address", "pinned"), [(ROOMS, 4), (MEMBERSHIPS, 6), (POSTS, 6), (NOTIFICATIONS, 7)])
def test_query_count_does_not_depend_on_list_length(admin_client, address, pinned, django_assert_num_queries):
    def fill():
        MembershipFactory()
        NotificationFactory(post=PostFactory(reply_to=PostFactory()))

    fill()
    admin_client.get(address)
    with django_assert_num_queries(pinned):
        admin_client.get(address)
    for _row in range(5):
        fill()

    with django_assert_num_queries(pinned):
        response = admin_client.get(address)

    assert response.context["cl"].result_count >= 6


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS])
@pytest.mark.parametrize("chosen", ["abc", "9" * 30, "\0", ""])
def test_invalid_selection_changes_nothing(admin_client, room, address, chosen):
    response = admin_client.post(
        address, {"action": "remove", "_selected_action": chosen, "confirmed": 1, "reason": "x"}
    )

    assert response.status_code == 302
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS, NOTIFICATIONS])
@pytest.mark.parametrize("person", ["student", "teacher"])
def test_users_without_staff_rights_get_403(client_for, request, address, person):
    assert client_for(request.getfixturevalue(person)).get(address).status_code == 403


def test_pages_do_not_show_email(admin_client, room):
    NotificationFactory()
    MembershipFactory(room=room)

    for address in (POSTS, ROOMS, MEMBERSHIPS, NOTIFICATIONS, change_url(room)):
        assert "@school.example" not in admin_client.get(address).content.decode()


def test_notifications_are_read_only(admin_client):
    notification = NotificationFactory()

    page = admin_client.get(change_url(notification))
    changed = admin_client.post(change_url(notification), {"kind": "reply"})

    assert page.status_code == 200
    assert changed.status_code == 403


@pytest.mark.parametrize("model", ["room", "membership", "post"])
def test_staff_with_view_permission_have_no_actions(client_for, room, model):
    viewer = UserFactory(username="viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename=f"view_{model}"))
    thing = {"room": room, "membership": MembershipFactory(room=room), "post": PostFactory()}[model]
    client = client_for(viewer)

    page = client.get(change_url(thing))
    for action in ("archive", "renew_join_code", "remove", "accept", "decline"):
        run_action(client, action, thing, reason="why not")

    assert page.status_code == 200
    assert not page.context["buttons"]
    assert not LogEntry.objects.exists()
