"""Hidden rooms look like missing rooms."""

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Membership, Post, Room
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.support import html_of
from posts.tests.visibility import ROOM_VIEWS, assert_same_404


@pytest.mark.parametrize(("method", "view", "data"), ROOM_VIEWS)
def test_hidden_room_looks_like_a_missing_room(client_for, outsider, room_post, room, method, view, data):
    assert_same_404(
        client_for(outsider), method, reverse(view, args=[room.slug]), reverse(view, args=["no-such-room"]), data
    )

    assert Post.objects.count() == 1
    assert not Membership.objects.filter(user=outsider, room=room).exists()


@pytest.mark.parametrize("state", ["applied", "declined", "removed"])
@pytest.mark.parametrize(("method", "view", "data"), ROOM_VIEWS)
def test_other_membership_states_do_not_make_a_room_visible(client_for, outsider, room, state, method, view, data):
    MembershipFactory(user=outsider, room=room, state=state)

    assert_same_404(
        client_for(outsider), method, reverse(view, args=[room.slug]), reverse(view, args=["no-such-room"]), data
    )


@pytest.mark.parametrize("state", ["applied", "declined", "removed"])
def test_only_a_request_of_the_user_names_a_room(client_for, outsider, room, state):
    MembershipFactory(user=outsider, room=room, state=state)

    for path in ("/rooms/", "/home/student/"):
        page = html_of(client_for(outsider).get(path))
        assert f'href="{room.get_absolute_url()}"' not in page
        assert (room.name in page) == (state == "applied")  # the user's own request


@pytest.mark.parametrize("user", ["student", "teacher", "admin"])
def test_room_is_visible_to_members_owner_and_administrators(client_for, request, room, room_post, user):
    client = client_for(request.getfixturevalue(user))

    assert room_post.body in html_of(client.get(room.get_absolute_url()))
    assert room.name in html_of(client.get("/rooms/"))


@pytest.mark.parametrize("viewer", ["pending_teacher", "outsider"])
def test_other_users_cannot_see_a_room(client_for, request, room_post, room, viewer):
    client = client_for(request.getfixturevalue(viewer))

    assert client.get(room.get_absolute_url()).status_code == 404


def test_archived_room_is_read_only(client_for, student, classmate, room_post, room):
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    own_post = PostFactory(room=room, author=student)
    client = client_for(student)

    page = html_of(client.get(room.get_absolute_url()))

    assert room_post.body in page
    assert "<textarea" not in page
    assert client.post(room.get_absolute_url(), {"body": "One more"}).status_code == 403
    assert client.post(f"/posts/{own_post.pk}/edit/", {"body": "One more"}).status_code == 403
    assert client.get(f"/posts/{own_post.pk}/edit/").status_code == 403
    assert client.get(f"/rooms/{room.slug}/updates/").status_code == 304
    assert Post.objects.count() == 2


@pytest.mark.parametrize(("method", "view", "data"), ROOM_VIEWS)
def test_archived_common_room_is_hidden_from_its_authors(client_for, student, common_room, method, view, data):
    client = client_for(student)
    client.post(common_room.get_absolute_url(), {"body": "First!"})
    Room.objects.filter(pk=common_room.pk).update(archived_at=timezone.now())

    assert_same_404(client, method, reverse(view, args=["common"]), reverse(view, args=["no-such-room"]), data)
    assert "Common room" not in html_of(client.get("/rooms/"))
    assert client.get(f"/posts/{Post.objects.get().pk}/").status_code == 404


def test_archived_common_room_is_visible_to_administrators(client_for, admin, common_room):
    Room.objects.filter(pk=common_room.pk).update(archived_at=timezone.now())

    assert client_for(admin).get("/rooms/common/").status_code == 200


@pytest.mark.parametrize(("method", "view", "data"), ROOM_VIEWS)
def test_common_room_is_hidden_from_removed_members(client_for, outsider, remove_from_common_room, method, view, data):
    remove_from_common_room(outsider)

    assert_same_404(
        client_for(outsider), method, reverse(view, args=["common"]), reverse(view, args=["no-such-room"]), data
    )


def test_administrator_can_use_a_room_without_joining_it(client_for, admin, room_post, room):
    client = client_for(admin)

    client.post(f"/rooms/{room.slug}/read/", {"upto": room_post.pk})
    client.post(room.get_absolute_url(), {"body": "Just looking"})

    assert not Membership.objects.filter(user=admin, room=room).exists()
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def test_room_of_another_teacher_returns_404(client_for, teacher):
    other = RoomFactory(slug="physics")

    assert client_for(teacher).get(other.get_absolute_url()).status_code == 404
