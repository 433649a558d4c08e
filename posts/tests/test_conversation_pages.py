"""Pagination of a conversation: the first page, older and newer pages, and cursors."""

import random
import re

import pytest

from posts.tests.conversation import create_posts
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of, post_ids_in


def find_page_link(page, name):
    """Return the address of the link to "older" or "newer" posts, or None."""
    found = re.search(rf'data-{name}>\s*<a class="btn btn-quiet" href="([^"]+)"', page)
    return found and found[1]


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def test_first_page_shows_newest_posts_in_ascending_order(client, room, classmate):
    ids = create_posts(room, classmate, 60)

    page = html_of(client.get(room.get_absolute_url()))

    assert post_ids_in(page) == ids[-50:]
    assert find_page_link(page, "older") == f"/rooms/chemistry/?before={ids[-50]}"
    assert find_page_link(page, "newer") is None
    assert 'data-at-end="yes"' in page
    assert f'data-last="{ids[-1]}"' in page


@pytest.mark.parametrize("number", [0, 1, 49, 50])
def test_short_conversation_has_one_page(client, room, classmate, number):
    ids = create_posts(room, classmate, number)

    page = html_of(client.get(room.get_absolute_url()))

    assert post_ids_in(page) == ids
    assert (find_page_link(page, "older"), find_page_link(page, "newer")) == (None, None)
    assert ("No posts yet. Say hello!" in page) == (number == 0)


@pytest.mark.parametrize("fetch", [{}, FETCH], ids=["pages", "fragments"])
@pytest.mark.parametrize(("seed", "number", "size"), [(1, 101, 50), (2, 100, 50), (3, 37, 7), (4, 30, 5), (5, 9, 2)])
def test_pages_contain_each_post_once_in_both_directions(
    client, room, common_room, classmate, settings, seed, number, size, fetch
):
    settings.POSTS_PER_PAGE = size
    ids = create_posts(room, classmate, number, random.Random(seed))
    PostFactory.create_batch(3, room=common_room)

    path, walked = room.get_absolute_url(), []
    while path:
        page = html_of(client.get(path, headers=fetch))
        walked, path = post_ids_in(page) + walked, find_page_link(page, "older")
    back, path = post_ids_in(page), find_page_link(page, "newer")
    while path:
        page = html_of(client.get(path, headers=fetch))
        back, path = back + post_ids_in(page), find_page_link(page, "newer")

    assert walked == ids
    assert back == ids


@pytest.mark.parametrize("index", [0, 3, 25, 50, 76, 99, 100])
def test_permalink_shows_the_page_around_the_post(client, room, classmate, index):
    ids = create_posts(room, classmate, 101, random.Random(index))
    response = client.get(f"/posts/{ids[index]}/")

    page = html_of(client.get(response["Location"]))

    shown = post_ids_in(page)
    first, last = ids.index(shown[0]), ids.index(shown[-1])
    assert response["Location"] == f"/rooms/chemistry/?at={ids[index]}#post-{ids[index]}"
    assert f'id="post-{ids[index]}"' in page
    assert shown == ids[first : last + 1]
    assert (first, last) == (max(index - 24, 0), min(index + 25, 100))
    assert find_page_link(page, "older") == (f"/rooms/chemistry/?before={shown[0]}" if first else None)
    assert find_page_link(page, "newer") == (f"/rooms/chemistry/?after={shown[-1]}" if last < 100 else None)
    assert (f'data-at-end="{"no" if last < 100 else "yes"}"') in page


@pytest.mark.parametrize("at", [1, 10**12, 2**63 - 1])
def test_cursor_beyond_the_first_or_last_post_shows_that_end(client, room, classmate, at):
    ids = create_posts(room, classmate, 60)

    shown = post_ids_in(html_of(client.get(room.get_absolute_url(), {"at": at})))

    assert shown == (ids[:25] if at == 1 else ids[-25:])


INVALID_QUERIES = [
    "before=abc",
    "before=-1",
    "before=0",
    "before=1.5",
    "before=%20",
    "before=" + "9" * 5000,
    "before=" + "9" * 19,
    "before=%00",
    "before=9223372036854775808",
    "after=abc",
    "after=-1",
    "after=" + "9" * 5000,
    "at=abc",
    "at=0",
    "at=-1",
    "at=" + "9" * 5000,
    "reply_to=abc",
    "reply_to=" + "9" * 5000,
    "before=5&after=5",
    "before=5&at=5",
    "after=0&at=5",
    "at=%ff",
]


@pytest.mark.parametrize("query", INVALID_QUERIES)
def test_invalid_cursor_returns_400(client, room, query):
    responses = [client.get(f"/rooms/chemistry/?{query}"), client.post(f"/rooms/chemistry/?{query}", {"body": ""})]

    assert [response.status_code for response in responses] == [400, 400]
    assert "<h1>There is a problem with this request</h1>" in html_of(responses[0])


@pytest.mark.parametrize("query", ["before=", "after=", "at=&before=", "before=9223372036854775807"])
def test_empty_cursor_is_ignored(client, room_post, query):
    assert post_ids_in(html_of(client.get(f"/rooms/chemistry/?{query}"))) == [room_post.pk]


@pytest.mark.parametrize("query", ["before=1", f"after={10**12}"])
def test_page_without_posts_differs_from_empty_room(client, room_post, query):
    page = html_of(client.get(f"/rooms/chemistry/?{query}"))

    assert post_ids_in(page) == []
    assert "There are no posts in this part of the conversation." in page
