"""Rooms in the admin."""

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry

from accounts.audit import fields_of, reason_of
from accounts.tests.admin import change_url, entries, run_action
from accounts.tests.factories import TeacherFactory
from posts import actions
from posts.admin.rooms import RoomForm
from posts.models import Membership, Post, Room
from posts.refusals import RoomNotEmpty
from posts.tests.admin import ROOMS
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory


@pytest.fixture
def room(teacher):
    """A room of the teacher without other members."""
    return RoomFactory(name="Maths 7b", slug="maths-7b", owner=teacher)


def test_new_room_writes_one_log_entry(admin_client, admin, teacher):
    response = admin_client.post(ROOMS + "add/", {"name": " Maths  7b ", "slug": "maths-7b", "owner": teacher.pk})

    room = Room.objects.get(slug="maths-7b")
    assert response.status_code == 302
    assert (room.name, room.owner_id) == ("Maths 7b", teacher.pk)
    entry = entries(room).get()
    assert (entry.user, entry.action_flag) == (admin, ADDITION)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "common"),
        ("slug", "a b"),
        ("slug", ""),
        ("slug", "x" * 61),
        ("name", ""),
        ("name", "\0"),
        ("name", "x" * 61),
        ("owner", "abc"),
        ("owner", "9" * 30),
    ],
)
def test_invalid_room_is_a_form_error(admin_client, teacher, field, value):
    sent = {"name": "Maths 7b", "slug": "maths-7b", "owner": teacher.pk} | {field: value}

    response = admin_client.post(ROOMS + "add/", sent)

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not LogEntry.objects.exists()


def test_student_cannot_own_room(admin_client, student):
    response = admin_client.post(ROOMS + "add/", {"name": "Maths 7b", "slug": "maths-7b", "owner": student.pk})

    assert "owner" in response.context["adminform"].form.errors


def test_change_form_preserves_concurrent_changes(admin_client, admin, room, monkeypatch):
    def meanwhile(form):
        Room.objects.filter(pk=room.pk).update(revision=7)
        return room.slug

    monkeypatch.setattr(RoomForm, "clean_slug", meanwhile)

    admin_client.post(change_url(room), {"name": "Maths 8b", "slug": room.slug, "owner": room.owner_id, "revision": 0})

    room.refresh_from_db()
    assert (room.name, room.revision) == ("Maths 8b", 7)
    entry = LogEntry.objects.get()
    assert (entry.user, fields_of(entry)) == (admin, ["name"])


def test_saving_unchanged_room_writes_no_log_entry(admin_client, room):
    admin_client.post(change_url(room), {"name": room.name, "slug": room.slug, "owner": room.owner_id})

    assert not LogEntry.objects.exists()


def test_common_room_cannot_be_moved_or_deleted(admin_client, common_room):
    admin_client.post(change_url(common_room), {"name": "Hall", "slug": "hall", "owner": ""})
    deleted = admin_client.post(f"{ROOMS}{common_room.pk}/delete/", {"post": "yes"})

    common_room.refresh_from_db()
    assert (common_room.name, common_room.slug) == ("Hall", "common")
    assert deleted.status_code == 403


def test_room_with_posts_cannot_be_deleted(admin_client, room):
    post = PostFactory(room=room)

    page = admin_client.get(change_url(room)).content.decode()
    one = admin_client.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"})
    listed = admin_client.get(ROOMS).content.decode()
    admin_client.post(ROOMS, {"action": "delete_selected", "_selected_action": room.pk, "post": "yes"})

    assert "delete_selected" not in listed
    assert f"{ROOMS}{room.pk}/delete/" not in page
    assert one.status_code == 403
    assert Post.objects.filter(pk=post.pk).exists()


def test_empty_room_is_deleted_with_one_log_entry(admin_client, admin, room):
    MembershipFactory(room=room)

    asked = admin_client.get(f"{ROOMS}{room.pk}/delete/")
    admin_client.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"})

    assert asked.status_code == 200
    assert not Room.objects.filter(pk=room.pk).exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (admin, DELETION, "Maths 7b")


def test_room_with_a_new_post_is_not_deleted(room, admin):
    loaded_earlier = Room.objects.get(pk=room.pk)
    PostFactory(room=room)

    with pytest.raises(RoomNotEmpty, match="Archive this room instead"):
        actions.delete_room(loaded_earlier, admin)

    assert Room.objects.filter(pk=room.pk).exists()
    assert not LogEntry.objects.exists()


def test_archive_requires_a_reason_and_reopen_does_not(admin_client, admin, room):
    asked = run_action(admin_client, "archive", room)
    run_action(admin_client, "archive", room, reason="The year is over")
    room.refresh_from_db()
    archived = room.is_archived
    run_action(admin_client, "unarchive", room)

    room.refresh_from_db()
    assert asked.status_code == 200
    assert (archived, room.is_archived) == (True, False)
    opened, closed = entries(room).order_by("-pk")
    assert (closed.user, fields_of(closed), reason_of(closed)) == (admin, ["archived_at"], "The year is over")
    assert (opened.user, fields_of(opened)) == (admin, ["archived_at"])


def test_settings_are_the_same_as_those_of_owners(admin_client, admin, room):
    fields = {"name": room.name, "slug": room.slug, "owner": room.owner_id, "description": "For all", "joining": "code"}

    rejected = admin_client.post(
        change_url(room), fields | {"code_expires_at": "2020-01-01T10:00", "code_max_uses": "0"}
    )
    admin_client.post(change_url(room), fields | {"code_max_uses": "30"})

    errors = rejected.context["adminform"].form.errors
    assert errors == {
        "code_expires_at": ["Choose a time in the future."],
        "code_max_uses": ["Enter a number from 1 to 10,000."],
    }
    room.refresh_from_db()
    assert (room.description, room.joining, room.code_max_uses) == ("For all", "code", 30)
    assert fields_of(entries(room).get()) == ["description", "joining", "code_max_uses"]


def test_join_code_is_shown_and_renewed(admin_client, admin, room):
    old = room.join_code

    shown = admin_client.get(change_url(room)).content.decode()
    run_action(admin_client, "renew_join_code", room, reason="It was on the wall")

    room.refresh_from_db()
    assert old in shown
    assert room.join_code != old
    entry = entries(room).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["join_code", "code_uses"], "It was on the wall")


def test_list_counts_members_and_links_join_requests(admin_client, room):
    MembershipFactory.create_batch(3, room=room)
    MembershipFactory(room=room, state=Membership.State.APPLIED)
    MembershipFactory(room=room, state=Membership.State.REMOVED)

    html = admin_client.get(ROOMS, {"q": "maths"}).content.decode()

    assert '<td class="field-members">4</td>' in html
    assert "room=maths-7b&amp;state__exact=applied" in html


def test_new_owner_becomes_member_and_former_owner_is_removed(admin_client, admin, room, teacher):
    owner = TeacherFactory()

    admin_client.post(change_url(room), {"name": "Maths 8b", "slug": room.slug, "owner": owner.pk})

    room.refresh_from_db()
    assert (room.name, room.owner_id) == ("Maths 8b", owner.pk)
    states = dict(Membership.objects.filter(room=room).values_list("user", "state"))
    assert states == {owner.pk: Membership.State.MEMBER, teacher.pk: Membership.State.REMOVED}
    assert [(entry.user, fields_of(entry)) for entry in entries(room).order_by("pk")] == [
        (admin, ["owner"]),
        (admin, ["name"]),
    ]


def test_owner_of_new_room_becomes_member(admin_client, teacher):
    admin_client.post(ROOMS + "add/", {"name": "Maths 7b", "slug": "maths-7b", "owner": teacher.pk})

    assert Membership.objects.get(room__slug="maths-7b").user_id == teacher.pk
