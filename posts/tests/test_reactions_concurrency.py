"""Concurrent reactions, each with its own database connection."""

import pytest

from accounts.tests.factories import StudentFactory
from posts.actions import react, remove_post, write_post
from posts.models import Emoji, Post, Reaction, Room
from posts.refusals import PostRemoved
from posts.tests.support import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)

REQUESTS = 20


@pytest.fixture
def post(student):
    common = Room.objects.get_or_create(slug="common", defaults={"name": "Common room", "is_common": True})[0]
    return write_post(student, common, "Who is coming?")


@pytest.mark.guarantee("one-post")
def test_reaction_sent_20_times_at_once_exists_once(post, student):
    outcomes = run_concurrently(REQUESTS, lambda _index: react(student, post, Emoji.HEART, True))

    assert outcomes == [None] * REQUESTS
    assert Reaction.objects.get().emoji == "heart"
    stored = Post.objects.get()
    assert (stored.reactions, stored.revision) == ({"heart": [student.pk]}, post.revision + 1)


def test_even_number_of_changes_at_once_leaves_no_reaction(post, student):
    outcomes = run_concurrently(REQUESTS, lambda _index: react(student, post, Emoji.HEART))

    assert outcomes == [None] * REQUESTS
    assert (Reaction.objects.count(), Post.objects.get().reactions) == (0, {})


@pytest.mark.guarantee("writers")
def test_reactions_of_different_users_are_all_saved(post):
    users = [StudentFactory() for _number in range(REQUESTS)]

    outcomes = run_concurrently(REQUESTS, lambda index: react(users[index], post, [*Emoji][index % 2]))

    assert outcomes == [None] * REQUESTS
    stored = Post.objects.get()
    assert {user for ids in stored.reactions.values() for user in ids} == {user.pk for user in users}
    assert stored.reactions == Reaction.objects.to_post(post).by_post()[post.pk]
    assert stored.revision == Room.objects.get().revision == post.revision + REQUESTS


@pytest.mark.guarantee("lock-check")
def test_no_reaction_follows_a_removal(post, student, admin):
    users = [StudentFactory() for _number in range(REQUESTS)]

    def act(index):
        if index == REQUESTS // 2:
            remove_post(post, admin)
        else:
            react(users[index], post, Emoji.HEART)

    outcomes = run_concurrently(REQUESTS, act)

    stored = Post.objects.get()
    refused = sum(isinstance(outcome, PostRemoved) for outcome in outcomes)
    assert refused + len(stored.reactions.get("heart", [])) == REQUESTS - 1
