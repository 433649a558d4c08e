"""The page and the popover with the users who reacted, and reactions in exports, closed accounts and the admin."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import close_account
from accounts.tests.admin import change_url
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts import actions
from posts.models import Emoji, Post, Reaction, Room
from posts.tests.demo import populate
from posts.tests.factories import MembershipFactory, PostFactory
from posts.tests.support import FETCH, find_row, html_of
from posts.tests.visibility import MISSING_ID

THUMB, PARTY = Emoji.THUMBS_UP, Emoji.PARTY


@pytest.fixture
def reactions(room_post, student, classmate, teacher):
    """Reactions to `room_post` by three users."""
    for user, emoji in ((student, THUMB), (teacher, THUMB), (classmate, PARTY)):
        actions.react(user, room_post, emoji)


def test_page_names_the_users_and_marks_the_own_reaction(client_for, student, room_post, reactions):
    page = html_of(client_for(student).get(f"/posts/{room_post.pk}/react/"))

    pressed = re.findall(r'value="(\S+)"\s+aria-pressed="(\w+)"\s+aria-label="([\w ,]+)"', page)
    assert len(pressed) == 6
    assert pressed[0] == ("👍", "true", "thumbs up, 2")
    assert pressed[5] == ("🎉", "false", "party, 1")
    names = page.partition("<dl")[2]
    assert names.index("Sam Okafor") < names.index("Ada Hale") < names.index("Kim Lund")


def test_popover_names_the_users_without_links(client_for, student, room_post, reactions):
    popover = html_of(client_for(student).get(f"/posts/{room_post.pk}/react/?revision=3", headers=FETCH))

    assert "<html" not in popover
    assert all(name in popover for name in ("Sam Okafor", "Ada Hale", "Kim Lund"))
    assert "<a" not in popover


def test_popover_shows_at_most_ten_users_of_each_emoji(client_for, student, room, room_post, django_assert_num_queries):
    for user in [student, *StudentFactory.create_batch(12)]:
        if user != student:
            MembershipFactory(user=user, room=room)
        actions.react(user, room_post, THUMB)
    client = client_for(student)

    with django_assert_num_queries(5):  # session, user, access, post and users
        popover = html_of(client.get(f"/posts/{room_post.pk}/react/", headers=FETCH))

    assert popover.count("<dd") == 11
    assert "3 others" in popover


def test_reactions_add_no_query_to_the_conversation(client_for, student, room_post, django_assert_max_num_queries):
    client, posts = client_for(student), PostFactory.create_batch(5, room=room_post.room)
    client.get("/rooms/chemistry/")
    with django_assert_max_num_queries(99) as without:
        client.get("/rooms/chemistry/")
    for post in posts:
        actions.react(student, post, THUMB)

    with django_assert_max_num_queries(len(without) + 1):  # the changed posts
        assert html_of(client.get("/rooms/chemistry/")).count("thumbs up, 1") == 5
    with django_assert_max_num_queries(len(without)):
        client.get("/rooms/chemistry/")


@pytest.mark.guarantee("leaving")
def test_export_contains_the_users_reactions(client_for, student, room_post, reactions):
    data = json.loads(client_for(student).post("/account/export/").content)

    assert [(row["post"], row["emoji"]) for row in data["reactions"]] == [(room_post.pk, "thumbs_up")]


@pytest.mark.guarantee("leaving")
def test_closing_an_account_deletes_its_reactions(client_for, student, teacher, room, room_post, reactions):
    client, before = client_for(teacher), Room.objects.get(pk=room.pk).revision
    client.get("/rooms/chemistry/")

    close_account(student, student)

    assert not Reaction.objects.filter(user=student).exists()
    assert Post.objects.get(pk=room_post.pk).reactions == {"thumbs_up": [teacher.pk], "party": [room_post.author_id]}
    assert "thumbs up, 1" in find_row(html_of(client.get("/rooms/chemistry/")), room_post)
    assert "thumbs up, 1" in html_of(client.get(f"/rooms/chemistry/updates/?after={before}"))


def test_closing_an_account_takes_the_same_number_of_queries_for_many_reactions(room, student, classmate):
    queries = []
    for user, number in ((student, 1), (classmate, 30)):
        for post in PostFactory.create_batch(number, room=room):
            actions.react(user, post, Emoji.HEART)
        with CaptureQueriesContext(connection) as captured:
            close_account(user, user)
        queries.append(len(captured))

    assert queries[0] == queries[1]


def test_reaction_of_a_user_who_has_been_deleted_in_the_database_is_counted(client_for, student, room_post, reactions):
    Post.objects.update(reactions={"thumbs_up": [MISSING_ID]})

    page = client_for(student).get(f"/posts/{room_post.pk}/react/")

    assert (page.status_code, "1" in Page(page).text()) == (200, True)


@pytest.mark.guarantee("retention")
def test_prune_deletes_reactions_with_the_removed_post(room_post, reactions):
    Post.objects.update(removed_at=timezone.now() - timedelta(days=91))

    call_command("prune", stdout=io.StringIO())

    assert not Reaction.objects.exists()


def test_admin_shows_the_counts(admin_client, room_post, reactions):
    assert "👍 2 🎉 1" in html_of(admin_client.get(change_url(room_post)))


def test_demo_school_has_reactions(db):
    populate()

    posts = Post.objects.exclude(reactions={})
    assert 0.1 < posts.count() / Post.objects.count() < 0.3
    for post in posts:
        assert post.reactions == Reaction.objects.to_post(post).by_post()[post.pk]
        assert post.removed_at is None
    assert not Reaction.objects.filter(created_at__gt=timezone.now()).exists()
