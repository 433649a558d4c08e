"""Lists of rooms: order, unread counts, mentions and previews."""

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts import unread
from posts.actions import edit_post, mark_read, remove_post, write_post
from posts.models import Membership, Room
from posts.tests.conversation import create_posts
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.support import FETCH, html_of, parse_html


@pytest.fixture
def client(client_for, student):
    return client_for(student)


@pytest.fixture
def other_room(student, classmate):
    """A room with the members `student` and `classmate`."""
    room = RoomFactory(name="Zebra club", slug="zebras")
    for user in (student, classmate):
        MembershipFactory(room=room, user=user)
    return room


def rows_of(response):
    """Return {name of the room: visible text of the count} of a list, in order."""
    rows = {}
    for item in parse_html(html_of(response), strict=False).iter("li"):
        if item.get("data-room"):
            parts = {name: part for part in item.iter() for name in part.get("class", "").split()}
            count = parts["room-count"]
            text = "".join(count.find("span").itertext()) if count.get("hidden") is None else ""
            rows["".join(parts["room-row-name"].itertext())] = text
    return rows


def test_rooms_are_listed_by_activity_and_archived_ones_last(client, student, classmate, room, common_room, other_room):
    archived = RoomFactory(name="Old", archived_at=timezone.now())
    MembershipFactory(room=archived, user=student)
    for posted in (common_room, room, other_room, archived):
        PostFactory(room=posted, author=classmate)
    write_post(student, common_room, "Hello")

    for path in ("/rooms/", "/rooms/?beside=chemistry"):
        rows = rows_of(client.get(path, headers=FETCH))
        assert list(rows) == ["Common room", "Zebra club", "Chemistry 9b", "Old"], path
        [details] = Page(client.get(path, headers=FETCH)).root.iter("details")
        assert " ".join("".join(details.itertext()).split()).startswith("Archived O Old")
        assert details.get("open") is None
    assert list(rows_of(client.get("/rooms/?home", headers=FETCH))) == ["Common room", "Zebra club", "Chemistry 9b"]


def test_own_removed_and_read_posts_are_not_counted(client, student, classmate, room):
    first = PostFactory(room=room, author=classmate)
    mark_read(student, room, first.pk)
    write_post(student, room, "My own post")
    removed = write_post(classmate, room, "Nonsense")
    for number in range(3):
        write_post(classmate, room, f"New {number}")
    remove_post(removed, classmate)

    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == "3"
    client.post("/rooms/chemistry/read/")
    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == ""


@pytest.mark.parametrize(("posts", "shown"), [(99, "99"), (100, "99+"), (150, "99+")])
def test_counts_stop_at_99(client, room, classmate, posts, shown):
    newest = create_posts(room, classmate, posts)[-1]
    Room.objects.filter(pk=room.pk).update(newest_post=newest)

    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == shown


def test_unread_mention_replaces_the_count_until_the_room_is_read(client, student, classmate, room):
    own = write_post(student, room, "Question")
    write_post(classmate, room, "Hello @sam")
    write_post(classmate, room, "Answer", reply_to=own)
    write_post(classmate, room, "Anything else?")

    page = client.get("/rooms/?beside=chemistry", headers=FETCH)
    assert rows_of(page)["Chemistry 9b"] == "@2"
    assert 'aria-current="page"' in html_of(page)
    client.post("/rooms/chemistry/read/")
    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == ""


def test_mention_in_a_post_that_was_read_is_shown_and_cleared(client, student, classmate, room):
    post = write_post(classmate, room, "Hello")
    mark_read(student, room, post.pk)
    edit_post(post, "Hello @sam", classmate)

    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == "@1"
    client.post("/rooms/chemistry/read/", {"upto": post.pk})
    assert rows_of(client.get("/rooms/"))["Chemistry 9b"] == ""


def test_preview_shows_the_newest_post_except_beside_a_conversation(client, student, classmate, room, other_room):
    removed = write_post(classmate, room, "The swordfish swims at dawn")
    write_post(student, other_room, "Mine is here")
    empty = RoomFactory(name="Empty")
    MembershipFactory(room=empty, user=student)

    text = " ".join(Page(client.get("/rooms/")).text().split())
    beside = html_of(client.get("/rooms/?beside=zebras", headers=FETCH))

    assert "Kim: The swordfish swims at dawn" in text
    assert "You: Mine is here" in text
    assert "No posts yet" in text
    assert "swordfish" not in beside
    remove_post(removed, classmate)
    assert "swordfish" not in html_of(client.get("/rooms/"))


def test_list_of_rooms_is_beside_the_conversation(client, classmate, room, other_room):
    PostFactory(room=other_room, author=classmate)

    page = client.get("/rooms/chemistry/")

    assert rows_of(page)["Zebra club"] == "1"
    assert rows_of(client.get("/rooms/chemistry/", headers=FETCH)) == {}


def test_administrator_has_no_unread_posts_in_other_peoples_rooms(client_for, admin, room, room_post):
    assert rows_of(client_for(admin).get("/rooms/"))["Chemistry 9b"] == ""


def test_removed_member_is_not_shown_the_room(client, student, room, room_post):
    Membership.objects.filter(user=student, room=room).update(state=Membership.State.REMOVED)

    for path in ("/rooms/", "/rooms/?home", "/rooms/?beside=chemistry"):
        assert "Chemistry 9b" not in rows_of(client.get(path, headers=FETCH))


def test_rooms_are_counted_in_batches(client, student, classmate, monkeypatch):
    monkeypatch.setattr(unread, "BATCH", 2)
    rooms = [RoomFactory() for _number in range(5)]
    for number, each in enumerate(rooms, start=1):
        MembershipFactory(room=each, user=student)
        for _post in range(number):
            PostFactory(room=each, author=classmate)

    counts = rows_of(client.get("/rooms/"))

    assert counts == {"Common room": ""} | {each.name: str(number) for number, each in enumerate(rooms, start=1)}


def test_closed_account_is_not_named_in_a_preview(client, room):
    author = StudentFactory(username="gone", first_name="Mia", closed_at=timezone.now())
    PostFactory(room=room, author=author, body="Last words")

    assert "a former member: Last words" in " ".join(Page(client.get("/rooms/")).text().split())
