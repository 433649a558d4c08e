"""Removed posts are shown, on one line, only while other posts reply to them."""

import re

import pytest

from posts.actions import remove_post, restore_post, write_post
from posts.models import Room
from posts.tests.support import FETCH, find_row, html_of

PATH = "/rooms/chemistry/"


@pytest.fixture
def post(student, room):
    return write_post(student, room, "The cat is out")


@pytest.fixture
def reply(classmate, room, post):
    return write_post(classmate, room, "Which cat?", reply_to=post)


def is_hidden(html, post):
    return bool(re.search(r"^<li [^>]*\shidden>", find_row(html, post)))


def test_removed_post_is_hidden_while_nobody_replies_to_it(client_for, student, classmate, room, post, reply):
    client, hidden = client_for(student), []
    for change, changed in ((remove_post, post), (remove_post, reply), (restore_post, reply)):
        revision = Room.objects.get(pk=room.pk).revision
        change(changed, changed.author)
        update = html_of(client.get(f"{PATH}updates/?after={revision}", headers=FETCH))
        hidden.append((is_hidden(update, post), is_hidden(html_of(client.get(PATH)), post)))

    assert hidden == [(False, False), (True, True), (False, False)]


def test_day_with_hidden_posts_only_has_no_separator(client_for, student, room, post):
    remove_post(post, student)

    page = html_of(client_for(student).get(PATH))

    assert is_hidden(page, post)
    assert "data-day=" not in page
    assert "No posts yet. Say hello!" in page
