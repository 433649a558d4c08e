"""Hidden users look like missing users."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts import access
from posts.tests.factories import MembershipFactory
from posts.tests.visibility import assert_same_404


@pytest.fixture
def archived_common_room(common_room):
    common_room.archived_at = timezone.now()
    common_room.save()


@pytest.fixture
def room_with_states(room, student, classmate, outsider, teacher, pending_teacher, admin, deactivated):
    """The room, with users of every membership state, and a closed account."""
    StudentFactory(username="closed", is_active=False, closed_at=timezone.now())
    for state in ("applied", "declined", "removed"):
        MembershipFactory(room=room, user=StudentFactory(username=f"was.{state}"), state=state)
    return room


ALL_USERNAMES = {"sam", "kim", "olu", "ms.hale", "mr.new", "head", "was.applied", "was.declined", "was.removed"}


@pytest.mark.parametrize("viewer", ["student", "outsider", "teacher", "pending_teacher"])
def test_all_active_users_are_visible_while_the_common_room_is_open(request, room_with_states, viewer):
    users = access.for_user(request.getfixturevalue(viewer)).users()

    assert {user.username for user in users} == ALL_USERNAMES


@pytest.mark.guarantee("visibility")
@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        ("student", {"sam", "kim", "ms.hale", "mr.new"}),
        ("outsider", {"olu", "ms.hale", "mr.new"}),
        ("teacher", {"ms.hale", "mr.new", "sam", "kim"}),
        ("pending_teacher", {"ms.hale", "mr.new"}),
        ("admin", ALL_USERNAMES | {"gone"}),
    ],
)
def test_without_the_common_room_users_see_fellow_members_and_teachers(
    request, room_with_states, archived_common_room, viewer, seen
):
    users = access.for_user(request.getfixturevalue(viewer)).users()

    assert sorted(user.username for user in users) == sorted(seen)


def test_user_removed_from_the_common_room_sees_fellow_members_and_teachers(
    room_with_states, student, remove_from_common_room
):
    remove_from_common_room(student)

    assert {user.username for user in access.for_user(student).users()} == {"sam", "kim", "ms.hale", "mr.new"}


def test_archived_common_room_does_not_make_its_members_visible(student, outsider, common_room, archived_common_room):
    assert {user.username for user in access.for_user(student).users()} == {"sam"}


@pytest.mark.parametrize("view", ["profile", "popover"])
@pytest.mark.parametrize("name", ["olu", "gone", "closed", "head"])
def test_hidden_user_looks_like_a_missing_user(client_for, student, room_with_states, archived_common_room, view, name):
    assert_same_404(client_for(student), "get", reverse(view, args=[name]), reverse(view, args=["nobody"]))


@pytest.mark.parametrize("view", ["profile", "popover"])
@pytest.mark.parametrize("name", ["gone", "closed"])
def test_inactive_user_looks_like_a_missing_user(client_for, student, room_with_states, view, name):
    assert_same_404(client_for(student), "get", reverse(view, args=[name]), reverse(view, args=["nobody"]))


def test_picture_of_a_hidden_user_looks_like_a_missing_picture(
    client_for, settings, student, classmate, outsider, room, common_room
):
    folder = settings.MEDIA_ROOT / "avatars"
    folder.mkdir(parents=True)
    for user in (classmate, outsider):
        (folder / f"{user.username}.webp").write_bytes(b"picture")
        user.avatar = f"avatars/{user.username}.webp"
        user.save()
    (folder / "orphan.webp").write_bytes(b"orphan")
    client = client_for(student)
    before = client.get("/media/avatars/olu.webp")
    b"".join(before.streaming_content)

    common_room.archived_at = timezone.now()
    common_room.save()

    assert before.status_code == 200
    assert_same_404(client, "get", "/media/avatars/olu.webp", "/media/avatars/none.webp")
    assert_same_404(client, "get", "/media/avatars/orphan.webp", "/media/avatars/none.webp")
    shared = client.get("/media/avatars/kim.webp")
    assert shared.status_code == 200
    assert b"".join(shared.streaming_content) == b"picture"


@pytest.mark.parametrize("path", ["..%2fsecret.txt", "..", "%2e%2e%2f%2e%2e%2fmanage.py", "x%00.webp"])
def test_picture_paths_outside_the_folder_return_404(client_for, student, path):
    assert client_for(student).get(f"/media/avatars/{path}").status_code == 404


def test_readers_of_a_room_are_members_owner_and_administrators(room_with_states):
    assert {user.username for user in access.readers(room_with_states, User.objects.all())} == {
        "sam",
        "kim",
        "ms.hale",
        "head",
    }


def test_readers_of_the_common_room_exclude_removed_members(
    room_with_states, common_room, outsider, remove_from_common_room
):
    remove_from_common_room(outsider)

    assert {user.username for user in access.readers(common_room, User.objects.all())} == ALL_USERNAMES - {"olu"}
