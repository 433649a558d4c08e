"""The level of notifications about a room."""

import pytest
from django.utils import timezone

from accounts.tests.helpers import Page
from posts.actions import write_post
from posts.models import Membership, Notification, Room
from posts.tests.members import message_of
from posts.tests.support import FETCH

PATH = "/rooms/chemistry/notify/"


def level_of(user):
    return Membership.objects.get(user=user, room__slug="chemistry").notify


def test_member_turns_notifications_about_a_room_off_and_on(client_for, student, classmate, room):
    client = client_for(student)

    response = client.post(PATH, {"level": "nothing"})
    write_post(classmate, room, "@sam, are you there?")

    assert (response["Location"], message_of(response)) == (
        "/rooms/chemistry/",
        "Notifications about Chemistry 9b are off.",
    )
    assert (level_of(student), level_of(classmate), Notification.objects.count()) == ("nothing", "mentions", 0)
    assert client.post(PATH, {"level": "mentions"}, headers=FETCH).status_code == 204
    write_post(classmate, room, "@sam?")
    assert Notification.objects.get().recipient == student


@pytest.mark.parametrize("path", ["/rooms/chemistry/", "/rooms/common/"])
def test_bar_and_menu_of_a_room_turn_notifications_off_and_on(client_for, student, room, path):
    client = client_for(student)
    on, off = "Notifications: mentions and replies. Turn off", "Notifications: none. Turn on"

    def buttons():
        page = Page(client.get(path))
        form = page.by_id("notify-form")
        found = [node for node in page.root.iter("button") if node.get("form") == "notify-form"]
        [bell, item] = [node for node in found if node.get("hidden") is None]
        fields = {bell.get("name"): bell.get("value")}
        assert {item.get("name"): item.get("value")} == fields
        return bell.get("aria-label"), page.text(item), form.get("action"), fields

    for expected in ((on, "Turn off notifications"), (off, "Turn on notifications"), (on, "Turn off notifications")):
        name, text, url, fields = buttons()
        assert (name, text, url) == (*expected, f"{path}notify/")
        client.post(url, fields)


def test_menu_of_users_who_are_no_members_has_no_such_button(client_for, admin, room):
    assert Page(client_for(admin).get("/rooms/chemistry/")).by_id("notify-form") is None


@pytest.mark.parametrize("level", ["", "all", "NOTHING", "nothing\0", "x" * 5000, None])
def test_unknown_level_returns_400(client_for, student, room, level):
    response = client_for(student).post(PATH, {} if level is None else {"level": level})

    assert (response.status_code, level_of(student)) == (400, "mentions")


def test_level_of_an_archived_room_can_be_changed(client_for, student, room):
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())

    client_for(student).post(PATH, {"level": "nothing"})

    assert level_of(student) == "nothing"


def test_administrator_who_is_not_a_member_has_no_level(client_for, admin, room):
    assert client_for(admin).post(PATH, {"level": "nothing"}).status_code == 403
    assert not Membership.objects.filter(notify="nothing").exists()
