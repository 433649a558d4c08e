"""The limit of posts in an hour that mention a whole room."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import TeacherFactory
from posts.actions import edit_post, write_post
from posts.models import Notification, Post, Room
from posts.refusals import TooManyRoomMentions
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import FETCH, html_of, run_concurrently
from posts.tests.test_posts_write_errors import textarea_text

REASON = "Only three posts per hour can mention everyone in a room. Remove @room, or try again in "


def mention_room(author, room, number=3):
    return [write_post(author, room, f"@room {uuid.uuid4()}") for _index in range(number)]


def age_mentions(room, age):
    room.refresh_from_db()
    room.mentioned_at = [(datetime.fromisoformat(time) - age).isoformat() for time in room.mentioned_at]
    room.save()


@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize(("headers", "is_page"), [({}, True), (FETCH, False)])
def test_fourth_mention_is_refused_and_its_text_stays(client_for, teacher, student, room, headers, is_page):
    mention_room(teacher, room)

    response = client_for(teacher).post(room.get_absolute_url(), {"body": "@room My <long> text"}, headers=headers)

    html = html_of(response)
    assert response.status_code == 429
    assert 3500 < int(response["Retry-After"]) <= 3600
    assert f"{REASON}60 minutes." in html
    assert textarea_text(html).strip() == "@room My <long> text"
    assert ("<html" in html) == is_page
    assert Notification.objects.filter(recipient=student).count() == Post.objects.count() == 3


def test_limit_applies_to_all_owners_together_and_to_each_room(student, teacher, co_teacher, room):
    mention_room(teacher, room, number=2)
    mention_room(co_teacher, room, number=1)

    with pytest.raises(TooManyRoomMentions):
        mention_room(co_teacher, room, number=1)

    assert mention_room(teacher, RoomFactory(owner=teacher))
    assert write_post(student, room, "@room is plain text here")
    assert write_post(teacher, room, "Bring your books")


def test_limit_is_sliding(teacher, room):
    mention_room(teacher, room, number=1)
    age_mentions(room, timedelta(minutes=40))
    mention_room(teacher, room, number=2)

    with pytest.raises(TooManyRoomMentions, match="20 minutes"):
        mention_room(teacher, room, number=1)
    age_mentions(room, timedelta(minutes=21))

    mention_room(teacher, room, number=1)
    with pytest.raises(TooManyRoomMentions, match="39 minutes"):
        mention_room(teacher, room, number=1)
    assert len(Room.objects.get(pk=room.pk).mentioned_at) == 3


def test_limit_ends_when_the_clock_is_set_back(teacher, room):
    mention_room(teacher, room)
    age_mentions(room, -timedelta(hours=2))

    assert mention_room(teacher, room)


def test_duplicate_submission_is_not_refused(teacher, room):
    token = uuid.uuid4()
    first = write_post(teacher, room, "@room Hello", token=token)
    mention_room(teacher, room, number=2)

    assert write_post(teacher, room, "@room Hello", token=token) == first
    last = Post.objects.latest("pk")
    assert write_post(teacher, room, last.body) == last


def test_refused_post_and_edit_do_not_count(teacher, room):
    posts = mention_room(teacher, room, number=2)
    edit_post(posts[0], "@room A better text", teacher)
    mention_room(teacher, room, number=1)

    with pytest.raises(TooManyRoomMentions):
        write_post(teacher, room, "@room Too much")

    times = [datetime.fromisoformat(time) for time in Room.objects.get(pk=room.pk).mentioned_at]
    assert len(times) == 3
    assert times == sorted(times)
    assert times[-1] <= timezone.now()


@pytest.mark.django_db(transaction=True)
def test_three_of_four_concurrent_mentions_succeed(student, room):
    authors = [TeacherFactory() for _number in range(4)]
    for author in authors:
        MembershipFactory(room=room, user=author, is_co_teacher=True)

    outcomes = run_concurrently(4, lambda index: write_post(authors[index], room, "@room Hello"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Post", "Post", "Post", "TooManyRoomMentions"]
    assert Notification.objects.filter(recipient=student, kind="room").count() == 3
    assert Notification.objects.filter(kind="room").count() == 3 * 6
