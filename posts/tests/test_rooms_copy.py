"""Copying the members of a room into a new one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import StudentFactory, TeacherFactory
from accounts.tests.helpers import Page
from config.tests.bad_input import assert_no_server_error, malformed_values, post_form
from posts.actions import create_room
from posts.models import Membership, Room
from posts.refusals import CommonRoom, NotManager
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.test_notifications_recipients import notified

NEW = "/rooms/new/"
State = Membership.State


def options_of(page):
    """Return {value: text} of the rooms that can be copied, and the selected values."""
    options = list(page.by_id("id_copy_from").iter("option"))
    texts = {option.get("value"): page.text(option).replace("\u2068", "").replace("\u2069", "") for option in options}
    return texts, [option.get("value") for option in options if "selected" in option.attrib]


def test_members_are_copied_and_notified(client_for, room, teacher, co_teacher, student, classmate, deactivated):
    Membership.objects.filter(room=room, user=student).update(created_account=True, last_read=7)
    revoked = TeacherFactory(username="mr.old", approved_at=None)
    MembershipFactory(room=room, user=revoked, is_co_teacher=True)
    MembershipFactory(room=room, user=deactivated)
    for state in (State.APPLIED, State.DECLINED, State.LEFT, State.REMOVED):
        MembershipFactory(room=room, state=state)

    response = client_for(teacher).post(NEW, {"name": "Chemistry 10b", "copy_from": "chemistry"})

    assert response["Location"] == "/rooms/chemistry-10b/code/"
    new = Room.objects.get(slug="chemistry-10b")
    columns = ("user__username", "state", "is_co_teacher", "created_account", "last_read")
    assert sorted(Membership.objects.filter(room=new).values_list(*columns)) == [
        ("kim", "member", False, False, 0),
        ("mr.cole", "member", True, False, 0),
        ("mr.old", "member", False, False, 0),
        ("ms.hale", "member", False, False, 0),
        ("sam", "member", False, True, 0),
    ]
    assert notified() == dict.fromkeys(("kim", "mr.cole", "mr.old", "sam"), "accepted")
    assert Membership.objects.get(room=room, user=student).created_account
    assert LogEntry.objects.filter(user=teacher, content_type__model="membership").count() == 4


def test_own_rooms_can_be_copied_also_archived_ones(client_for, room, teacher, co_teacher):
    RoomFactory(name="Biology", slug="biology", owner=teacher, archived_at=timezone.now())
    RoomFactory(name="Art", slug="art", owner=teacher)
    MembershipFactory(room=RoomFactory(name="Of another teacher"), user=teacher)

    options, selected = options_of(Page(client_for(teacher).get(NEW)))

    assert options == {"": "No room", "art": "Art", "chemistry": "Chemistry 9b", "biology": "Biology (archived)"}
    assert list(options)[-1] == "biology"
    assert selected == [""]
    assert options_of(Page(client_for(co_teacher).get(NEW)))[0] == {"": "No room", "chemistry": "Chemistry 9b"}


@pytest.mark.parametrize(("query", "selected"), [("chemistry", "chemistry"), ("nothing", None), ("", "")])
def test_address_selects_the_room(client_for, room, teacher, query, selected):
    page = Page(client_for(teacher).get(f"{NEW}?copy_from={query}"))

    assert options_of(page)[1] == ([] if selected is None else [selected])
    details = next(element for element in page.by_id("main").iter("details"))
    assert ("open" in details.attrib) == bool(query)


def test_settings_link_to_the_copy(client_for, room, teacher, co_teacher):
    links = [Page(client_for(user).get("/rooms/chemistry/settings/")).links() for user in (teacher, co_teacher)]

    assert [f"{NEW}?copy_from=chemistry" in found for found in links] == [True, True]


@pytest.mark.parametrize("slug", ["art", "common", "nothing", "CHEMISTRY"])
def test_other_rooms_cannot_be_copied(client_for, room, teacher, slug):
    MembershipFactory(room=RoomFactory(slug="art"), user=teacher)

    page = Page(client_for(teacher).post(NEW, {"name": "Mine", "copy_from": slug}))

    assert page.field_error("copy_from") == "Choose one of the options."
    assert not Room.objects.filter(name="Mine").exists()


def test_access_is_checked_again(room, admin, common_room):
    with pytest.raises(NotManager):
        create_room(Room(name="Mine", owner=former_owner(room)), former_owner(room), copy_from=room)
    with pytest.raises(CommonRoom):
        create_room(Room(name="Mine", owner=admin), admin, copy_from=common_room)

    assert not Room.objects.filter(name="Mine").exists()


def former_owner(room):
    """Return the owner of `room`, who owns it no longer."""
    owner = room.owner
    Room.objects.filter(pk=room.pk).update(owner=TeacherFactory())
    return owner


def test_any_text_is_accepted(client_for, room, teacher):
    for value in malformed_values():
        assert_no_server_error(post_form(client_for(teacher), NEW, {"name": "Mine", "copy_from": value}), 200, 302, 400)


@pytest.mark.parametrize("members", [1, 500])
def test_number_of_queries_is_bounded(room, teacher, members):
    users = StudentFactory.create_batch(members)
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)

    with CaptureQueriesContext(connection) as queries:
        new = create_room(Room(name="Large", owner=teacher), teacher, copy_from=room)

    assert Membership.objects.filter(room=new, user__in=users).count() == members
    # Some databases limit the number of values in an INSERT.
    assert len(queries) <= 35, "\n".join(query["sql"][:200] for query in queries)
