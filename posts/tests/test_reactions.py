"""Adding and removing reactions."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.http import Http404
from django.utils import timezone

from accounts.models.throttle import Kind
from accounts.tests.throttling import exhaust
from accounts.throttling import counter
from posts import actions
from posts.models import Emoji, Membership, Notification, Post, Reaction, Room
from posts.tests.support import FETCH, find_row, html_of

THUMB, HEART = Emoji.THUMBS_UP, Emoji.HEART


def reactions():
    """Return the reactions in the table, which must be the ones in the posts."""
    rows = list(Reaction.objects.order_by("pk").values_list("post", "user", "emoji"))
    copies = [
        (post.pk, user, emoji)
        for post in Post.objects.all()
        for emoji, users in post.reactions.items()
        for user in users
    ]
    assert sorted(rows) == sorted(copies)
    return {(post, user, Emoji(emoji)) for post, user, emoji in rows}


@pytest.fixture
def url(room_post):
    return f"/posts/{room_post.pk}/react/"


def test_same_emoji_again_removes_the_reaction(client_for, student, classmate, room_post, url):
    both = {(room_post.pk, student.pk, THUMB), (room_post.pk, classmate.pk, THUMB)}
    for user, emoji, expected in (
        (student, "👍", {(room_post.pk, student.pk, THUMB)}),
        (classmate, "👍", both),
        (student, "❤️", both | {(room_post.pk, student.pk, HEART)}),
        (student, "👍", both - {(room_post.pk, student.pk, THUMB)} | {(room_post.pk, student.pk, HEART)}),
    ):
        response = client_for(user).post(url, {"emoji": emoji})

        assert response["Location"] == f"/posts/{room_post.pk}/"
        assert reactions() == expected


def test_script_says_whether_the_reaction_is_wanted_and_gets_the_row(client_for, student, room_post, url):
    client = client_for(student)

    for wanted, count in (("true", 1), ("true", 1), ("false", 0), ("false", 0)):
        response = client.post(url, {"emoji": "🎉", "wanted": wanted}, headers=FETCH)

        row = find_row(html_of(response), room_post)
        assert (response.status_code, len(reactions())) == (200, count)
        assert ("party, 1" in row) == bool(count)


def test_reaction_is_a_change_of_the_post_but_no_edit(client_for, student, classmate, room, room_post, url):
    before = Room.objects.get(pk=room.pk)

    client_for(student).post(url, {"emoji": "👍"})

    post, after = Post.objects.get(pk=room_post.pk), Room.objects.get(pk=room.pk)
    assert after.revision == before.revision + 1 == post.revision
    assert (after.newest_post, post.edited_at) == (room_post.pk, None)
    assert not Notification.objects.exists()
    assert not LogEntry.objects.exists()
    changes = html_of(client_for(classmate).get(f"/rooms/chemistry/updates/?after={before.revision}"))
    assert "thumbs up, 1" in find_row(changes, post)


def test_row_contains_the_counts_and_is_the_same_for_all_readers(client_for, student, classmate, teacher, room_post):
    for user in (student, teacher):
        actions.react(user, room_post, THUMB)

    rows = [find_row(html_of(client_for(user).get("/rooms/chemistry/")), room_post) for user in (student, student)]

    assert "thumbs up, 2" in rows[0]
    assert f'data-users="{student.pk} {teacher.pk}"' in rows[0]
    assert "aria-pressed" not in rows[0]
    assert 'form="reaction-form"' in rows[0]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("emoji", ["", "x", "👎", "thumbs_up", "👍👍", "❤", None])
def test_unknown_emoji_is_refused(client_for, student, url, emoji):
    response = client_for(student).post(url, {} if emoji is None else {"emoji": emoji})

    assert response.status_code == 400
    assert reactions() == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_reactions_to_a_removed_post_are_refused_and_hidden(client_for, student, classmate, room_post, url, method):
    actions.react(student, room_post, THUMB)
    actions.remove_post(room_post, classmate)
    client = client_for(student)

    response = getattr(client, method)(url, {"emoji": "👍"})

    assert response.status_code == 403
    assert "has been deleted" in html_of(response)
    assert "thumbs up" not in find_row(html_of(client.get("/rooms/chemistry/")), room_post)
    assert len(reactions()) == 1


def test_archived_room_shows_reactions_and_refuses_new_ones(client_for, student, room, room_post, url):
    actions.react(student, room_post, THUMB)
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    client = client_for(student)

    page, response = client.get(url), client.post(url, {"emoji": "👍"})

    assert (page.status_code, response.status_code) == (200, 403)
    assert "Sam Okafor" in html_of(page)
    assert 'name="emoji"' not in html_of(page)
    assert len(reactions()) == 1


@pytest.mark.guarantee("lock-check")
def test_member_who_is_removed_first_cannot_react(student, room, room_post):
    Membership.objects.filter(user=student, room=room).update(state=Membership.State.REMOVED)

    with pytest.raises(Http404):
        actions.react(student, room_post, THUMB)

    assert reactions() == set()


@pytest.mark.guarantee("posting")
def test_reactions_are_limited(client_for, student, classmate, room_post, url):
    exhaust(counter(Kind.REACTION, student.pk), left=1)
    clients = {user: client_for(user) for user in (student, classmate)}

    first, second = (clients[student].post(url, {"emoji": emoji}, headers=FETCH) for emoji in "👍🎉")
    repeated = clients[student].post(url, {"emoji": "👍", "wanted": "true"}, headers=FETCH)

    assert [first.status_code, second.status_code, repeated.status_code] == [200, 429, 200]
    assert "Try again in" in html_of(second)
    assert 0 < int(second["Retry-After"]) <= timedelta(minutes=1).total_seconds()
    assert clients[classmate].post(url, {"emoji": "👍"}).status_code == 302
    assert len(reactions()) == 2
