"""Hidden users look like missing users."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts import access
from posts.tests.factories import MembershipFactory
from posts.tests.visibility import assert_same_nothing


@pytest.fixture
def no_common_room(common_room):
    common_room.archived_at = timezone.now()
    common_room.save()


@pytest.fixture
def town(room, student, classmate, outsider, teacher, pending_teacher, admin, deactivated):
    """Everybody, a closed account among them, and classmates who are at the room's door only."""
    StudentFactory(username="closed", is_active=False, closed_at=timezone.now())
    for state in ("applied", "declined", "removed"):
        MembershipFactory(room=room, user=StudentFactory(username=f"was.{state}"), state=state)
    return room


EVERYBODY = {"sam", "kim", "olu", "ms.hale", "mr.new", "head", "was.applied", "was.declined", "was.removed"}


@pytest.mark.parametrize("viewer", ["student", "outsider", "teacher", "pending_teacher"])
def test_everybody_active_is_seen_while_the_common_room_is_open(request, town, viewer):
    people = access.for_user(request.getfixturevalue(viewer)).users()

    assert {person.username for person in people} == EVERYBODY


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("student", {"sam", "kim", "ms.hale", "mr.new"}),
        ("outsider", {"olu", "ms.hale", "mr.new"}),
        ("teacher", {"ms.hale", "mr.new", "sam", "kim"}),
        ("pending_teacher", {"ms.hale", "mr.new"}),
        ("admin", EVERYBODY | {"gone"}),
    ],
)
def test_without_the_common_room_people_see_whom_they_share_a_room_with(request, town, no_common_room, viewer, seen):
    people = access.for_user(request.getfixturevalue(viewer)).users()

    assert sorted(person.username for person in people) == sorted(seen)


def test_somebody_removed_from_the_common_room_sees_whom_they_share_a_room_with(town, student, remove_from_common_room):
    remove_from_common_room(student)

    assert {person.username for person in access.for_user(student).users()} == {"sam", "kim", "ms.hale", "mr.new"}


def test_archived_common_room_does_not_make_its_members_visible(student, outsider, common_room, no_common_room):
    assert {user.username for user in access.for_user(student).users()} == {"sam"}


@pytest.mark.parametrize("door", ["profile", "popover"])
@pytest.mark.parametrize("name", ["olu", "gone", "closed", "head"])
def test_person_one_may_not_know_of_answers_like_nobody(client_for, student, town, no_common_room, door, name):
    assert_same_nothing(client_for(student), "get", reverse(door, args=[name]), reverse(door, args=["nobody"]))


@pytest.mark.parametrize("door", ["profile", "popover"])
@pytest.mark.parametrize("name", ["gone", "closed"])
def test_person_who_is_gone_answers_like_nobody(client_for, student, town, door, name):
    assert_same_nothing(client_for(student), "get", reverse(door, args=[name]), reverse(door, args=["nobody"]))


def test_picture_of_a_person_one_may_not_know_of_answers_like_no_picture(
    client_for, settings, student, classmate, outsider, room, common_room
):
    folder = settings.MEDIA_ROOT / "avatars"
    folder.mkdir(parents=True)
    for person in (classmate, outsider):
        (folder / f"{person.username}.webp").write_bytes(b"picture")
        person.avatar = f"avatars/{person.username}.webp"
        person.save()
    (folder / "orphan.webp").write_bytes(b"nobody's")
    client = client_for(student)
    in_the_open = client.get("/media/avatars/olu.webp")
    b"".join(in_the_open.streaming_content)

    common_room.archived_at = timezone.now()
    common_room.save()

    assert in_the_open.status_code == 200
    assert_same_nothing(client, "get", "/media/avatars/olu.webp", "/media/avatars/none.webp")
    assert_same_nothing(client, "get", "/media/avatars/orphan.webp", "/media/avatars/none.webp")
    shared = client.get("/media/avatars/kim.webp")
    assert shared.status_code == 200
    assert b"".join(shared.streaming_content) == b"picture"


@pytest.mark.parametrize("path", ["..%2fsecret.txt", "..", "%2e%2e%2f%2e%2e%2fmanage.py", "x%00.webp"])
def test_picture_addresses_lead_to_nothing_else(client_for, student, path):
    assert client_for(student).get(f"/media/avatars/{path}").status_code == 404


def test_readers_of_a_room_are_members_owner_and_administrators(town):
    assert {person.username for person in access.readers(town, User.objects.all())} == {"sam", "kim", "ms.hale", "head"}


def test_readers_of_the_common_room_are_all_who_were_not_removed(town, common_room, outsider, remove_from_common_room):
    remove_from_common_room(outsider)

    assert {person.username for person in access.readers(common_room, User.objects.all())} == EVERYBODY - {"olu"}
