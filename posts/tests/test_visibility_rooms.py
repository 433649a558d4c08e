"""What one may not know of answers like what does not exist, at every door."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts import access
from posts.models import Membership, Notification, Post, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory
from posts.tests.support import html_of, html_without_tokens

NOWHERE = 10**12

ROOM_DOORS = [
    ("get", "room", {}),
    ("get", "room_updates", {}),
    ("post", "room_read", {"upto": "1"}),
    ("post", "room", {"body": "Let me in"}),
]
POST_DOORS = [
    ("get", "post", {}),
    ("get", "post_edit", {}),
    ("post", "post_edit", {"body": "Mine now"}),
    ("get", "post_delete", {}),
    ("post", "post_delete", {"reason": "Mine now"}),
]


def assert_same_nothing(client, method, hidden, missing, data=None):
    """Assert that both addresses answer 404 with the same words."""
    of_hidden, of_missing = (getattr(client, method)(path, data or {}) for path in (hidden, missing))

    assert (of_hidden.status_code, of_missing.status_code) == (404, 404)
    assert html_without_tokens(of_hidden, hidden) == html_without_tokens(of_missing, missing)
    assert of_hidden.headers.keys() == of_missing.headers.keys()


@pytest.mark.parametrize(("method", "door", "data"), ROOM_DOORS)
def test_room_one_is_not_in_answers_like_no_room(client_for, outsider, room_post, room, method, door, data):
    assert_same_nothing(
        client_for(outsider), method, reverse(door, args=[room.slug]), reverse(door, args=["no-such-room"]), data
    )

    assert Post.objects.count() == 1
    assert not Membership.objects.filter(user=outsider, room=room).exists()


@pytest.mark.parametrize(("method", "door", "data"), POST_DOORS)
def test_post_of_a_room_one_is_not_in_answers_like_no_post(client_for, outsider, room_post, method, door, data):
    assert_same_nothing(
        client_for(outsider), method, reverse(door, args=[room_post.pk]), reverse(door, args=[NOWHERE]), data
    )

    room_post.refresh_from_db()
    assert (room_post.body, room_post.removed_at) == ("The swordfish swims at dawn", None)


@pytest.mark.parametrize(("method", "door", "data"), POST_DOORS)
def test_author_who_left_the_room_has_no_door_to_their_post(client_for, classmate, room_post, method, door, data):
    Membership.objects.filter(user=classmate).update(state=Membership.State.REMOVED)

    assert_same_nothing(
        client_for(classmate), method, reverse(door, args=[room_post.pk]), reverse(door, args=[NOWHERE]), data
    )


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


def test_profile_of_a_member_shows_and_counts_no_post_of_a_hidden_room(
    client_for, outsider, student, classmate, room_post
):
    open_post = PostFactory(author=classmate, body="Everybody may read this")

    seen_by_outsider = html_of(client_for(outsider).get("/users/kim/"))
    seen_by_member = html_of(client_for(student).get("/users/kim/"))

    assert open_post.body in seen_by_outsider
    assert room_post.body not in seen_by_outsider
    assert room_post.room.name not in seen_by_outsider
    assert "<dt>Posts</dt><dd>1</dd>" in seen_by_outsider
    assert room_post.body in seen_by_member
    assert "<dt>Posts</dt><dd>2</dd>" in seen_by_member


@pytest.mark.parametrize(("viewer", "number"), [("outsider", 0), ("student", 1), ("teacher", 1), ("admin", 1)])
def test_popover_counts_what_the_viewer_may_see(client_for, request, room_post, viewer, number):
    answer = client_for(request.getfixturevalue(viewer)).get("/users/kim/popover/")

    assert f"<dt>Posts</dt><dd>{number}</dd>" in html_of(answer)


def test_removed_posts_are_not_counted(client_for, student, classmate):
    PostFactory(author=classmate)
    PostFactory(author=classmate, removed_at=timezone.now())

    assert "<dt>Posts</dt><dd>1</dd>" in html_of(client_for(student).get("/users/kim/popover/"))


def test_reply_to_a_post_of_another_room_answers_like_a_reply_to_none(client_for, outsider, room_post, common_room):
    client = client_for(outsider)
    path = common_room.get_absolute_url()

    answers = [
        html_without_tokens(client.post(path, {"body": "What is this?", "reply_to": pk}), path)
        for pk in (room_post.pk, NOWHERE)
    ]

    assert answers[0] == answers[1]
    assert "The post that you reply to is gone." in answers[0]
    assert "swordfish" not in answers[0]
    assert Post.objects.count() == 1


def test_composer_does_not_quote_a_post_of_another_room(client_for, outsider, room_post, common_room):
    page = html_of(client_for(outsider).get(common_room.get_absolute_url(), {"reply_to": room_post.pk}))

    assert "swordfish" not in page
    assert room_post.author.username not in page


@pytest.mark.parametrize("query", ["at", "before", "after"])
def test_cursor_of_another_room_shows_nothing_of_it(client_for, outsider, room_post, common_room, query):
    page = html_of(client_for(outsider).get(common_room.get_absolute_url(), {query: room_post.pk}))

    assert "swordfish" not in page


def test_notifications_of_a_room_that_one_left_are_gone(client_for, student, room_post, room):
    NotificationFactory(recipient=student, post=room_post)
    client = client_for(student)
    before = client.get("/notifications/unread/").json()

    Membership.objects.filter(user=student, room=room).update(state=Membership.State.REMOVED)

    assert before == {"unread": 1}
    assert client.get("/notifications/unread/").json() == {"unread": 0}
    for path in ("/notifications/", "/home/student/"):
        assert room_post.body not in html_of(client.get(path))
        assert room.name not in html_of(client.get(path))
    assert 'data-unread-count="0"' in html_of(client.get("/rooms/"))


def test_notification_about_a_room_goes_with_the_room(client_for, student, teacher, room):
    Notification.objects.create(recipient=student, actor=teacher, kind="accepted", room=room)
    Membership.objects.filter(user=student).update(state=Membership.State.REMOVED)

    assert room.name not in html_of(client_for(student).get("/notifications/"))


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


def test_owner_whose_approval_was_revoked_removes_nothing(client_for, teacher, room_post):
    client = client_for(teacher)
    before = client.get(f"/posts/{room_post.pk}/delete/").status_code
    teacher.approved_at = None
    teacher.save()

    answers = [
        client.get(f"/posts/{room_post.pk}/delete/"),
        client.post(f"/posts/{room_post.pk}/delete/", {"reason": "x"}),
    ]

    assert before == 200
    assert [answer.status_code for answer in answers] == [403, 403]
    room_post.refresh_from_db()
    assert not room_post.is_removed
    assert "is-removable" not in html_of(client.get(room_post.room.get_absolute_url()))


def test_administrator_who_looks_into_a_room_does_not_join_it(client_for, admin, room_post, room):
    client = client_for(admin)

    client.post(f"/rooms/{room.slug}/read/", {"upto": room_post.pk})
    client.post(room.get_absolute_url(), {"body": "Just looking"})

    assert not Membership.objects.filter(user=admin, room=room).exists()
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


# --- People ---


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


def test_room_of_a_colleague_stays_closed_to_a_teacher(client_for, teacher):
    other = RoomFactory(slug="physics")

    assert client_for(teacher).get(other.get_absolute_url()).status_code == 404
