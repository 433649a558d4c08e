"""The pages of a conversation: which posts, in which order, with what around them."""

import random
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.actions import mark_read, remove_post, write_post
from posts.models import Membership, Post
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, find_row, html_of, post_ids_in

NOON = timezone.now().replace(year=2026, month=3, day=2, hour=12, minute=0, second=0, microsecond=0)


def fill(room, author, number, gaps=None):
    """Write `number` posts, with gaps between their ids; return the ids."""
    ids, pk = [], 10**9  # where the database's own numbering does not come
    for _post in range(number):
        pk += gaps.choice([1, 1, 1, 2, 7, 100]) if gaps else 1
        ids.append(pk)
    Post.objects.bulk_create(Post(pk=pk, room=room, author=author, body=f"number {pk}") for pk in ids)
    return ids


def link(page, name):
    """Return where the page's link to older or newer posts leads, if it has one."""
    found = re.search(rf'data-{name}><a class="btn btn-quiet" href="([^"]+)"', page)
    return found and found[1]


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def test_newest_posts_stand_at_the_bottom(client, room, classmate):
    ids = fill(room, classmate, 60)

    page = html_of(client.get(room.get_absolute_url()))

    assert post_ids_in(page) == ids[-50:]
    assert link(page, "older") == f"/rooms/chemistry/?before={ids[-50]}"
    assert link(page, "newer") is None
    assert 'data-at-end="yes"' in page
    assert f'data-last="{ids[-1]}"' in page


@pytest.mark.parametrize("number", [0, 1, 49, 50])
def test_short_conversation_has_no_other_pages(client, room, classmate, number):
    ids = fill(room, classmate, number)

    page = html_of(client.get(room.get_absolute_url()))

    assert post_ids_in(page) == ids
    assert (link(page, "older"), link(page, "newer")) == (None, None)
    assert ("Nobody has written here yet" in page) == (number == 0)


@pytest.mark.parametrize("fetch", [{}, FETCH], ids=["pages", "fragments"])
@pytest.mark.parametrize(("seed", "number", "size"), [(1, 101, 50), (2, 100, 50), (3, 37, 7), (4, 30, 5), (5, 9, 2)])
def test_walk_both_ways_meets_every_post_once(
    client, room, common_room, classmate, settings, seed, number, size, fetch
):
    settings.POSTS_PER_PAGE = size
    ids = fill(room, classmate, number, random.Random(seed))
    PostFactory.create_batch(3, room=common_room)

    path, walked = room.get_absolute_url(), []
    while path:
        page = html_of(client.get(path, headers=fetch))
        walked, path = post_ids_in(page) + walked, link(page, "older")
    back, path = post_ids_in(page), link(page, "newer")
    while path:
        page = html_of(client.get(path, headers=fetch))
        back, path = back + post_ids_in(page), link(page, "newer")

    assert walked == ids
    assert back == ids


@pytest.mark.parametrize("place", [0, 3, 25, 50, 76, 99, 100])
def test_permanent_address_shows_the_post_among_its_neighbours(client, room, classmate, place):
    ids = fill(room, classmate, 101, random.Random(place))
    answer = client.get(f"/posts/{ids[place]}/")

    page = html_of(client.get(answer["Location"]))

    shown = post_ids_in(page)
    first, last = ids.index(shown[0]), ids.index(shown[-1])
    assert answer["Location"] == f"/rooms/chemistry/?at={ids[place]}#post-{ids[place]}"
    assert f'id="post-{ids[place]}"' in page
    assert shown == ids[first : last + 1]
    assert (first, last) == (max(place - 24, 0), min(place + 25, 100))
    assert link(page, "older") == (f"/rooms/chemistry/?before={shown[0]}" if first else None)
    assert link(page, "newer") == (f"/rooms/chemistry/?after={shown[-1]}" if last < 100 else None)
    assert (f'data-at-end="{"no" if last < 100 else "yes"}"') in page


@pytest.mark.parametrize("at", [1, 10**12, 2**63 - 1])
def test_cursor_beyond_either_end_shows_that_end(client, room, classmate, at):
    ids = fill(room, classmate, 60)

    shown = post_ids_in(html_of(client.get(room.get_absolute_url(), {"at": at})))

    assert shown == (ids[:25] if at == 1 else ids[-25:])


BAD = [
    "before=abc", "before=-1", "before=0", "before=1.5", "before=%20", "before=" + "9" * 5000,
    "before=" + "9" * 19, "before=%00", "before=9223372036854775808",
    "after=abc", "after=-1", "after=" + "9" * 5000, "at=abc", "at=0", "at=-1", "at=" + "9" * 5000, "reply_to=abc",
    "reply_to=" + "9" * 5000, "before=5&after=5", "before=5&at=5", "after=0&at=5", "at=%ff",
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_cursor_that_is_none_is_not_understood(client, room, query):
    answers = [client.get(f"/rooms/chemistry/?{query}"), client.post(f"/rooms/chemistry/?{query}", {"body": ""})]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert "<h1>That was not understood</h1>" in html_of(answers[0])


@pytest.mark.parametrize("query", ["before=", "after=", "at=&before=", "before=9223372036854775807"])
def test_empty_cursor_is_none(client, room_post, query):
    assert post_ids_in(html_of(client.get(f"/rooms/chemistry/?{query}"))) == [room_post.pk]


@pytest.mark.parametrize("query", ["before=1", f"after={10**12}"])
def test_page_beyond_the_end_does_not_say_that_nobody_wrote(client, room_post, query):
    page = html_of(client.get(f"/rooms/chemistry/?{query}"))

    assert post_ids_in(page) == []
    assert "There is nothing in this part of the conversation." in page


def test_each_day_begins_with_a_line(client, room, classmate):
    for hours in (0, 1, 13, 14, 50):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=hours))

    page = html_of(client.get(room.get_absolute_url()))

    assert re.findall(r'data-(?:day="([^"]+)"|post=")', page) == [
        "2026-03-02", "", "", "2026-03-03", "", "", "2026-03-04", "",
    ]  # fmt: skip
    assert "Monday 2 March 2026" in page


def test_days_are_those_of_the_school(client, room, classmate, settings):
    settings.TIME_ZONE = "Pacific/Auckland"  # noon in UTC is past midnight there
    for hours in (-2, 0):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=hours))

    with timezone.override("Pacific/Auckland"):
        page = html_of(client.get(room.get_absolute_url()))

    assert re.findall(r'data-day="([^"]+)"', page) == ["2026-03-02", "2026-03-03"]


def order(page):
    """List what stands in the conversation: ids of posts, and "New" for the line above the unread."""
    return [int(pk) if pk else "New" for pk in re.findall(r'data-(?:unread-line|post="(\d+)")', page)]


def test_line_stands_above_the_first_unread_post_of_others(client, room, student, classmate):
    old, mine, new, newer = (PostFactory(room=room, author=who) for who in (classmate, student, classmate, classmate))
    mark_read(student, room, old.pk)

    page = html_of(client.get(room.get_absolute_url()))

    assert order(page) == [old.pk, mine.pk, "New", new.pk, newer.pk]


def test_no_line_where_all_is_read(client, room, student, room_post):
    mark_read(student, room, room_post.pk)

    assert order(html_of(client.get(room.get_absolute_url()))) == [room_post.pk]


def test_no_line_in_older_pages_nor_for_somebody_who_was_never_there(client, room, common_room, classmate):
    ids = fill(room, classmate, 60)
    PostFactory(room=common_room)

    assert "New" in order(html_of(client.get(room.get_absolute_url())))
    assert "New" not in order(html_of(client.get(room.get_absolute_url(), {"before": ids[55]})))
    assert "New" not in order(html_of(client.get(common_room.get_absolute_url())))


def test_reading_goes_forward_only(client, room, student, classmate):
    first, second = PostFactory.create_batch(2, room=room, author=classmate)

    for upto in (second.pk, first.pk):
        assert client.post("/rooms/chemistry/read/", {"upto": upto}, headers=FETCH).status_code == 204

    assert Membership.objects.get(user=student, room=room).last_read == second.pk


def test_reading_everything_needs_no_number_and_goes_no_further_than_the_room(client, room, student, room_post):
    PostFactory()

    answer = client.post("/rooms/chemistry/read/")
    client.post("/rooms/chemistry/read/", {"upto": 10**9})

    assert answer["Location"] == "/rooms/chemistry/"
    assert Membership.objects.get(user=student, room=room).last_read == room_post.pk


@pytest.mark.parametrize("upto", ["abc", "-1", "9" * 5000, "9" * 19, "\x00", "1.5"])
def test_reading_up_to_what_is_no_post_is_not_understood(client, room, upto):
    assert client.post("/rooms/chemistry/read/", {"upto": upto}).status_code == 400


def test_room_with_news_has_a_dot_until_it_is_read(client, room, student, room_post):
    before = html_of(client.get("/rooms/")).count('class="dot"')
    client.post("/rooms/chemistry/read/")

    assert before == 1
    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def test_own_and_removed_posts_are_no_news(client, room, student, classmate):
    write_post(student, room, "Hello")
    remove_post(write_post(classmate, room, "Nonsense"), classmate)

    assert 'class="dot"' not in html_of(client.get("/rooms/"))


def flags(page, post):
    """Return the classes of a post's row."""
    return set(re.match(r'<li class="([^"]*)"', find_row(page, post))[1].split()) - {"post"}


def test_posts_go_on_from_the_one_above_of_the_same_person_within_five_minutes(client, room, student, classmate):
    def say(author, minutes, **more):
        return PostFactory(room=room, author=author, created_at=NOON + timedelta(minutes=minutes), **more)

    first = say(classmate, 0)
    goes_on = say(classmate, 4.9)
    too_late = say(classmate, 10)
    other = say(student, 10.1)
    reply = say(student, 10.2, reply_to=first)
    after_reply = say(student, 10.3)
    removed = say(student, 10.4, removed_at=NOON)
    after_removed = say(student, 10.5)

    page = html_of(client.get(room.get_absolute_url()))

    posts = (first, goes_on, too_late, other, reply, after_reply, removed, after_removed)
    assert [post for post in posts if "goes-on" in flags(page, post)] == [goes_on, after_reply]


def test_midnight_and_the_unread_line_end_a_group(client, room, student, classmate):
    for minutes in (-1, 1, 2):
        PostFactory(room=room, author=classmate, created_at=NOON + timedelta(hours=12, minutes=minutes))
    evening, morning, last = Post.objects.order_by("pk")
    mark_read(student, room, morning.pk)

    page = html_of(client.get(room.get_absolute_url()))

    assert [post for post in (evening, morning, last) if "goes-on" in flags(page, post)] == []


@pytest.mark.parametrize(
    ("viewer", "of_author"),
    [
        ("student", {"is-mine", "is-removable", "is-for-me"}),
        ("classmate", set()),
        ("teacher", {"is-removable"}),
        ("admin", {"is-removable"}),
    ],
)
def test_rows_say_what_the_reader_may_do(client_for, request, student, room, viewer, of_author):
    post = PostFactory(room=room, author=student, mentions=["sam"])

    page = html_of(client_for(request.getfixturevalue(viewer)).get(room.get_absolute_url()))

    assert flags(page, post) == of_author


def test_reply_shows_what_it_answers_and_leads_there(client, room, student, room_post):
    reply = PostFactory(room=room, author=student, reply_to=room_post)

    row = find_row(html_of(client.get(room.get_absolute_url())), reply)

    assert f'<a class="post-quote" href="/posts/{room_post.pk}/">' in row
    assert "<b>kim</b> The swordfish swims at dawn" in row


def test_reply_link_fills_in_the_composer(client, room, room_post):
    page = html_of(client.get(room.get_absolute_url(), {"reply_to": room_post.pk}))

    assert f'name="reply_to" value="{room_post.pk}"' in page
    assert "swordfish" in page.partition('id="composer"')[2]


def test_fragment_holds_rows_only(client, room, room_post):
    fragment = html_of(client.get(room.get_absolute_url(), headers=FETCH))

    assert post_ids_in(fragment) == [room_post.pk]
    assert "<html" not in fragment
    assert "<form" not in fragment
