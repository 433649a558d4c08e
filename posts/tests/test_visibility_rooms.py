"""Hidden rooms look like missing rooms."""

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Membership, Post, Room
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.support import html_of
from posts.tests.visibility import ROOM_DOORS, assert_same_nothing


@pytest.mark.parametrize(("method", "door", "data"), ROOM_DOORS)
def test_room_one_is_not_in_answers_like_no_room(client_for, outsider, room_post, room, method, door, data):
    assert_same_nothing(
        client_for(outsider), method, reverse(door, args=[room.slug]), reverse(door, args=["no-such-room"]), data
    )

    assert Post.objects.count() == 1
    assert not Membership.objects.filter(user=outsider, room=room).exists()


@pytest.mark.parametrize("state", ["applied", "declined", "removed"])
@pytest.mark.parametrize(("method", "door", "data"), ROOM_DOORS)
def test_only_members_see_a_room(client_for, outsider, room, state, method, door, data):
    MembershipFactory(user=outsider, room=room, state=state)

    assert_same_nothing(
        client_for(outsider), method, reverse(door, args=[room.slug]), reverse(door, args=["no-such-room"]), data
    )
    assert room.name not in html_of(client_for(outsider).get("/rooms/"))
    assert room.name not in html_of(client_for(outsider).get("/home/student/"))


@pytest.mark.parametrize("person", ["student", "teacher", "admin"])
def test_members_owner_and_administrators_see_a_room(client_for, request, room, room_post, person):
    client = client_for(request.getfixturevalue(person))

    assert room_post.body in html_of(client.get(room.get_absolute_url()))
    assert room.name in html_of(client.get("/rooms/"))


@pytest.mark.parametrize("colleague", ["pending_teacher", "outsider"])
def test_being_a_teacher_opens_no_room_of_another(client_for, request, room_post, room, colleague):
    client = client_for(request.getfixturevalue(colleague))

    assert client.get(room.get_absolute_url()).status_code == 404


def test_archived_room_is_read_and_not_written_to(client_for, student, classmate, room_post, room):
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    mine = PostFactory(room=room, author=student)
    client = client_for(student)

    page = html_of(client.get(room.get_absolute_url()))

    assert room_post.body in page
    assert "<textarea" not in page
    assert client.post(room.get_absolute_url(), {"body": "One more"}).status_code == 403
    assert client.post(f"/posts/{mine.pk}/edit/", {"body": "One more"}).status_code == 403
    assert client.get(f"/posts/{mine.pk}/edit/").status_code == 403
    assert client.get(f"/rooms/{room.slug}/updates/").status_code == 304
    assert Post.objects.count() == 2


@pytest.mark.parametrize(("method", "door", "data"), ROOM_DOORS)
def test_archived_common_room_is_hidden_also_from_those_who_spoke_there(
    client_for, student, common_room, method, door, data
):
    client = client_for(student)
    client.post(common_room.get_absolute_url(), {"body": "First!"})
    Room.objects.filter(pk=common_room.pk).update(archived_at=timezone.now())

    assert_same_nothing(client, method, reverse(door, args=["common"]), reverse(door, args=["no-such-room"]), data)
    assert "Common room" not in html_of(client.get("/rooms/"))
    assert client.get(f"/posts/{Post.objects.get().pk}/").status_code == 404


def test_administrator_sees_the_archived_common_room(client_for, admin, common_room):
    Room.objects.filter(pk=common_room.pk).update(archived_at=timezone.now())

    assert client_for(admin).get("/rooms/common/").status_code == 200


@pytest.mark.parametrize(("method", "door", "data"), ROOM_DOORS)
def test_somebody_removed_from_the_common_room_does_not_see_it(
    client_for, outsider, remove_from_common_room, method, door, data
):
    remove_from_common_room(outsider)

    assert_same_nothing(
        client_for(outsider), method, reverse(door, args=["common"]), reverse(door, args=["no-such-room"]), data
    )


def test_administrator_who_looks_into_a_room_does_not_join_it(client_for, admin, room_post, room):
    client = client_for(admin)

    client.post(f"/rooms/{room.slug}/read/", {"upto": room_post.pk})
    client.post(room.get_absolute_url(), {"body": "Just looking"})

    assert not Membership.objects.filter(user=admin, room=room).exists()
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def test_room_of_a_colleague_stays_closed_to_a_teacher(client_for, teacher):
    other = RoomFactory(slug="physics")

    assert client_for(teacher).get(other.get_absolute_url()).status_code == 404
