"""Closed and deactivated accounts get neither a membership nor a session, whatever runs at the same time."""

import threading

import pytest
from django.db import connection

from accounts import actions as account_actions
from accounts.models import Session, User
from accounts.refusals import AccountInactive
from accounts.tests.helpers import sign_in
from config.transactions import writing
from posts import actions
from posts.models import Membership, Room
from posts.refusals import CannotOwnRoom
from posts.tests.admin import MEMBERSHIPS
from posts.tests.factories import RoomFactory
from posts.tests.support import wait_until_blocked

State = Membership.State


@pytest.fixture
def request_to_join(teacher, common_room):
    """The only membership of `teacher`: a request to join another room."""
    teacher.memberships.all().delete()
    return Membership.objects.create(user=teacher, room=RoomFactory(slug="staff"), state=State.APPLIED)


@pytest.fixture
def other_room(db):
    """A room without members."""
    return RoomFactory()


PATHS = {
    "add_to_common_room": lambda user, request, room, admin, client: actions.add_to_common_room([user]),
    "add_member": lambda user, request, room, admin, client: actions.add_member(
        Membership(user=user, room=room), admin
    ),
    "accept_request": lambda user, request, room, admin, client: actions.accept_request(request, admin),
    "change_owner": lambda user, request, room, admin, client: actions.change_owner(room, user, admin),
    "create_room": lambda user, request, room, admin, client: actions.create_room(Room(name="New", owner=user), admin),
    "sign_in": lambda user, request, room, admin, client: sign_in(client, user.username),
}
LEAVING = {
    "deactivate": lambda user, admin: account_actions.deactivate_users(User.objects.filter(pk=user.pk), admin),
    "close": lambda user, admin: account_actions.close_account(User.objects.get(pk=user.pk), admin),
}

each_case = pytest.mark.parametrize(("leave", "path"), [(leave, path) for leave in LEAVING for path in PATHS])


def assert_in_no_room(user):
    assert not user.memberships.filter(state=State.MEMBER).exists()
    assert not user.owned_rooms.exists()
    assert not Session.objects.filter(user=user).exists()


@each_case
@pytest.mark.django_db
def test_inactive_account_is_not_added(teacher, admin, request_to_join, other_room, client, leave, path):
    stale = User.objects.get(pk=teacher.pk)
    LEAVING[leave](teacher, admin)

    try:
        PATHS[path](stale, request_to_join, other_room, admin, client)
    except (AccountInactive, CannotOwnRoom) as refusal:
        outcome = type(refusal)
    else:
        outcome = None

    assert_in_no_room(teacher)
    assert (outcome is None) == (path in ("add_to_common_room", "sign_in"))


@each_case
@pytest.mark.django_db(transaction=True)
def test_account_that_has_just_become_inactive_is_not_added(
    teacher, admin, request_to_join, other_room, client, leave, path
):
    changed, outcome = threading.Event(), []

    def run():
        changed.wait(30)
        try:
            PATHS[path](teacher, request_to_join, other_room, admin, client)
        except (AccountInactive, CannotOwnRoom):
            outcome.append("refused")
        else:
            outcome.append("ignored")
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with writing():
        LEAVING[leave](teacher, admin)
        changed.set()
        wait_until_blocked(thread)
    thread.join(60)

    assert_in_no_room(teacher)
    assert outcome == ["ignored" if path in ("add_to_common_room", "sign_in") else "refused"]


def test_admin_does_not_offer_inactive_accounts(admin_client, deactivated, room, client):
    url = "/admin/autocomplete/?app_label=posts&model_name=membership&field_name=user&term=gone"
    membership = Membership.objects.create(user=deactivated, room=room, state=State.APPLIED)
    data = {"user": deactivated.pk, "room": room.pk, "notify": "mentions"}

    assert admin_client.get(url).json()["results"] == []
    assert "user" in admin_client.post(MEMBERSHIPS + "add/", data).context["adminform"].form.errors
    admin_client.post(MEMBERSHIPS, {"action": "accept", "_selected_action": [membership.pk]})
    membership.refresh_from_db()
    assert membership.state == State.APPLIED
