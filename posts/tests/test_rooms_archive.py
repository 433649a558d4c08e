"""Archiving and reopening a room from its settings."""

import pytest

from accounts.audit import fields_of
from accounts.tests.admin import entries
from accounts.tests.helpers import Page
from posts import actions
from posts.models import Membership, Room
from posts.refusals import NotManager
from posts.tests.support import run_concurrently

SETTINGS = "/rooms/chemistry/settings/"


def test_owner_archives_and_reopens_a_room(client_for, co_teacher, student, room):
    client, member = client_for(co_teacher), client_for(student)

    archived = client.post("/rooms/chemistry/archive/", follow=True)
    write = member.post("/rooms/chemistry/", {"body": "Hello"})
    reopened = client.post("/rooms/chemistry/reopen/", follow=True)

    assert archived.redirect_chain == reopened.redirect_chain == [(SETTINGS, 302)]
    assert "Room archived." in Page(archived).text()
    assert "Reopen room" in Page(archived).text()
    assert write.status_code == 403
    assert "Room reopened." in Page(reopened).text()
    assert member.post("/rooms/chemistry/", {"body": "Hello"}).status_code == 302
    assert [(entry.user, fields_of(entry)) for entry in entries(room)] == [(co_teacher, ["archived_at"])] * 2


def test_page_describes_the_consequence(client_for, teacher, room):
    page = Page(client_for(teacher).get(SETTINGS))

    assert "nobody can post, and the join code stops working" in page.text(page.by_class("more")[0])


def test_archiving_twice_keeps_the_first_time(client_for, teacher, room):
    for _number in range(2):
        assert client_for(teacher).post("/rooms/chemistry/archive/").status_code == 302

    assert entries(room).count() == 1


def test_settings_of_an_archived_room_can_be_changed(client_for, teacher, room):
    client = client_for(teacher)
    client.post("/rooms/chemistry/archive/")

    response = client.post(SETTINGS, {"name": "Chemistry 2026"}, follow=True)

    room.refresh_from_db()
    assert (response.redirect_chain, room.name, room.is_archived) == ([(SETTINGS, 302)], "Chemistry 2026", True)


OPERATIONS = {
    "change the settings": lambda room, user: actions.update_room(room, user, {"name": "Mine"}),
    "archive": lambda room, user: actions.archive_rooms(Room.objects.filter(pk=room.pk), user),
    "replace the code": lambda room, user: actions.renew_join_codes(Room.objects.filter(pk=room.pk), user),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_co_teacher_who_was_demoted_in_the_meantime_is_refused(teacher, co_teacher, room, operation):
    actions.demote_member(Membership.objects.get(room=room, user=co_teacher), teacher)

    with pytest.raises(NotManager):
        operation(room, co_teacher)

    assert not entries(room).exists()


@pytest.mark.django_db(transaction=True)
def test_owners_who_change_different_fields_at_the_same_time_do_not_undo_each_other(teacher, co_teacher, room):
    values = [{"name": "Chemistry"}, {"description": "For all"}]
    users = [teacher, co_teacher]

    for _round in range(5):
        actions.update_room(room, teacher, {"name": "Old", "description": "Old"})
        assert run_concurrently(2, lambda index: actions.update_room(room, users[index], values[index])) == [None, None]

        room.refresh_from_db()
        assert (room.name, room.description) == ("Chemistry", "For all")
