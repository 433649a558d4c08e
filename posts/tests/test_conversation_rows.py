"""Rows of a conversation: day separators, grouping, classes and quotes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.actions import mark_read
from posts.models import Post
from posts.tests.conversation import NOON
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, find_row, html_of, post_ids_in


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def test_each_day_starts_with_a_separator(client, room, classmate):
    for hours in (0, 1, 13, 14, 50):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=hours))

    page = html_of(client.get(room.get_absolute_url()))

    assert re.findall(r'data-(?:day="([^"]+)"|post=")', page) == [
        "2026-03-02",
        "",
        "",
        "2026-03-03",
        "",
        "",
        "2026-03-04",
        "",
    ]
    assert "Mon 2 Mar" in page


def test_days_use_the_time_zone_of_the_school(client, room, classmate, settings):
    settings.TIME_ZONE = "Pacific/Auckland"  # noon in UTC is the next day there
    for hours in (-2, 0):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=hours))

    with timezone.override("Pacific/Auckland"):
        page = html_of(client.get(room.get_absolute_url()))

    assert re.findall(r'data-day="([^"]+)"', page) == ["2026-03-02", "2026-03-03"]


def row_classes(page, post):
    """Return the CSS classes of the row of `post`, without `post`."""
    return set(re.match(r'<li class="([^"]*)"', find_row(page, post))[1].split()) - {"post"}


def test_posts_by_one_author_within_five_minutes_are_grouped(client, room, student, classmate):
    def write(author, minutes, **fields):
        return PostFactory(room=room, author=author, created_at=NOON + timedelta(minutes=minutes), **fields)

    first = write(classmate, 0)
    same_group = write(classmate, 4.9)
    too_late = write(classmate, 10)
    other = write(student, 10.1)
    reply = write(student, 10.2, reply_to=first)
    after_reply = write(student, 10.3)
    hidden = write(student, 10.35, removed_at=NOON)
    after_hidden = write(student, 10.38)
    removed = write(student, 10.4, removed_at=NOON)
    after_removed = write(student, 10.5)
    write(classmate, 11, reply_to=removed)

    page = html_of(client.get(room.get_absolute_url()))

    posts = (first, same_group, too_late, other, reply, after_reply, hidden, after_hidden, removed, after_removed)
    continued = [post for post in posts if "is-continued" in row_classes(page, post)]
    assert continued == [same_group, after_reply, after_hidden]


def test_fractions_of_seconds_do_not_affect_groups(client, room, classmate):
    start, end = NOON + timedelta(seconds=0.9), NOON + timedelta(minutes=5, seconds=0.2)
    PostFactory(room=room, author=classmate, created_at=start)
    last = PostFactory(room=room, author=classmate, created_at=end)

    page = html_of(client.get(room.get_absolute_url()))

    assert end - start < timedelta(minutes=5)
    assert "is-continued" not in row_classes(page, last)


def test_midnight_and_unread_line_end_a_group(client, room, student, classmate):
    for minutes in (-1, 1, 2):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=12, minutes=minutes))
    evening, morning, last = Post.objects.order_by("pk")
    mark_read(student, room, morning.pk)

    page = html_of(client.get(room.get_absolute_url()))

    assert [post for post in (evening, morning, last) if "is-continued" in row_classes(page, post)] == []


@pytest.mark.parametrize(
    ("viewer", "of_author"),
    [
        ("student", {"is-mine", "is-removable", "is-for-me"}),
        ("classmate", set()),
        ("teacher", {"is-removable"}),
        ("admin", {"is-removable"}),
    ],
)
def test_row_classes_depend_on_the_reader(client_for, request, student, room, viewer, of_author):
    post = PostFactory(room=room, author=student, mentions=["sam"])

    page = html_of(client_for(request.getfixturevalue(viewer)).get(room.get_absolute_url()))

    assert row_classes(page, post) == of_author


def test_reply_quotes_and_links_its_parent(client, room, student, room_post):
    reply = PostFactory(room=room, author=student, reply_to=room_post)

    row = find_row(html_of(client.get(room.get_absolute_url())), reply)

    assert f'<a class="post-quote" href="/posts/{room_post.pk}/" data-quote>' in row
    quote = '<b dir="auto">Kim Lund</b> <span class="excerpt" dir="auto">The swordfish swims at dawn</span>'
    assert quote in " ".join(row.split())


def test_reply_parameter_fills_in_the_composer(client, room, room_post):
    page = html_of(client.get(room.get_absolute_url(), {"reply_to": room_post.pk}))

    assert f'name="reply_to" value="{room_post.pk}"' in page
    assert "swordfish" in page.partition('id="composer"')[2]


def test_fragment_contains_rows_only(client, room, room_post):
    fragment = html_of(client.get(room.get_absolute_url(), headers=FETCH))

    assert post_ids_in(fragment) == [room_post.pk]
    assert "<html" not in fragment
    assert "<form" not in fragment
