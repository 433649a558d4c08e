"""The limit of posts that a user can write in a minute."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.actions import edit_post, write_post
from posts.models import Post, Room
from posts.refusals import TooManyPosts
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.support import FETCH, html_of, run_concurrently
from posts.tests.test_posts_write_errors import textarea_text

REASON = "You are posting too fast. Try again in "


@pytest.fixture(autouse=True)
def low_limit(settings):
    settings.POSTS_PER_MINUTE = 3


def write_posts(author, room, number=3):
    for index in range(number):
        write_post(author, room, f"Post {index}")


@pytest.mark.guarantee("posting")
@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize(("headers", "is_page"), [({}, True), (FETCH, False)])
def test_post_over_the_limit_is_refused_and_its_text_stays(client_for, student, room, headers, is_page):
    write_posts(student, room)

    response = client_for(student).post(room.get_absolute_url(), {"body": "My <long> text"}, headers=headers)

    html = html_of(response)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert REASON in html
    assert textarea_text(html).strip() == "My <long> text"
    assert ("<html" in html) == is_page
    assert Post.objects.count() == 3


def test_limit_applies_to_all_rooms_and_to_each_user(student, classmate, room, common_room):
    write_posts(student, room)

    with pytest.raises(TooManyPosts):
        write_post(student, common_room, "One more")

    assert write_post(classmate, common_room, "Hello")


@pytest.mark.parametrize("age", [timedelta(seconds=61), -timedelta(hours=1)], ids=["a minute later", "clock set back"])
def test_limit_ends(student, room, age):
    write_posts(student, room)
    Post.objects.update(created_at=timezone.now() - age)

    assert write_post(student, room, "One more")


def test_duplicate_submission_is_not_refused(student, room):
    token = uuid.uuid4()
    first = write_post(student, room, "Hello", token=token)
    write_posts(student, room, number=2)

    assert write_post(student, room, "Hello", token=token) == first
    assert write_post(student, room, "Post 1").body == "Post 1"


def test_edit_is_not_limited(student, room):
    write_posts(student, room)

    edit_post(Post.objects.latest("pk"), "A better text", student)

    assert Post.objects.filter(body="A better text").exists()


def test_limit_of_zero_is_no_limit_and_costs_no_query(student, room, settings):
    counts = {}
    for limit in (0, 50):
        settings.POSTS_PER_MINUTE = limit
        with CaptureQueriesContext(connection) as queries:
            write_post(student, room, f"Limit {limit}")
        counts[limit] = len(queries)

    assert counts[50] == counts[0] + 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.guarantee("posting")
@pytest.mark.guarantee("request-limits")
def test_concurrent_posts_in_several_rooms_stay_within_the_limit(settings, student, record_property):
    settings.POSTS_PER_MINUTE = 5
    Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})
    rooms = [MembershipFactory(user=student, room=RoomFactory()).room for _number in range(4)]
    PostFactory(author=student, created_at=timezone.now() - timedelta(minutes=2))

    outcomes = run_concurrently(20, lambda index: write_post(student, rooms[index % 4], f"Post {index}"))

    accepted = [outcome for outcome in outcomes if isinstance(outcome, Post)]
    record_property("figure", f"{len(accepted)} of 20 posts at once, with a limit of 5")
    assert len(accepted) == 5
    assert {type(outcome) for outcome in outcomes} == {Post, TooManyPosts}
