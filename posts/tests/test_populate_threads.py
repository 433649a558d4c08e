"""The conversations of a demo school read naturally."""

import re
from collections import defaultdict

import pytest
from django.db import transaction

from posts.demo.texts import FINAL_THREADS, PLACEHOLDERS, SPECIAL_THREADS, THREADS, lines
from posts.models import Post, Room
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db
SCREEN = 30  # posts
ALL_THREADS = [thread for threads in (THREADS | SPECIAL_THREADS | FINAL_THREADS).values() for thread in threads]


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    """A school with many posts in each room."""
    with django_db_blocker.unblock(), transaction.atomic():
        populate(students=40, teachers=6, posts=3000)
        yield
        transaction.set_rollback(True)


def pattern_of(text):
    """Return a regular expression that matches a text with its placeholders filled."""
    return ".+".join(map(re.escape, re.split(r"\{\w+\}", text)))


def test_no_text_is_repeated_on_one_screen(school):
    repeated = []
    for room in Room.objects.all():
        bodies = list(room.posts.order_by("pk").values_list("body", flat=True))
        repeated += [body for index, body in enumerate(bodies) if body in bodies[max(0, index - SCREEN + 1) : index]]

    assert repeated == []


def test_each_reply_belongs_to_the_thread_of_its_parent(school):
    patterns = [
        (re.compile(pattern_of(line.text)), number) for number, thread in enumerate(ALL_THREADS) for line in thread
    ]
    late = [re.compile(pattern_of(text)) for text in lines("final_replies")]
    threads = defaultdict(set)
    replies = Post.objects.exclude(reply_to=None).select_related("reply_to")

    def threads_of(body):
        if body not in threads:
            threads[body] = {number for pattern, number in patterns if pattern.fullmatch(body)}
        return threads[body]

    assert len(replies) > 1000
    assert [
        reply.body
        for reply in replies
        if not threads_of(reply.body) & threads_of(reply.reply_to.body)
        and not any(pattern.fullmatch(reply.body) for pattern in late)
    ] == []


def test_each_text_occurs_in_one_thread():
    texts = [line.text.casefold().strip(".!?") for thread in ALL_THREADS for line in thread]

    assert len(texts) == len(set(texts))


def test_texts_have_at_most_140_characters_with_the_longest_values():
    longest = {name: max(values, key=len) for name, values in PLACEHOLDERS.items()}
    longest |= dict.fromkeys(("topic", "othertopic"), "x" * 25) | dict.fromkeys("abcdtus", "@" + "x" * 20)
    longest |= {f"{name}2": longest[name] for name in ("place", "food", "house", "book")}

    assert [line.text for thread in ALL_THREADS for line in thread if len(line.text.format_map(longest)) > 140] == []


def test_rooms_have_different_tones(school):
    shares = {}
    for room in Room.objects.filter(is_common=True) | Room.objects.filter(name__endswith="notices"):
        by_staff = room.posts.exclude(author__role="student").count()
        shares[room.is_common] = by_staff / room.posts.count()

    assert shares[False] > 0.45
    assert 0.1 < shares[True] < 0.3
