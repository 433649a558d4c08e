"""Profiles and popovers."""

import re

import pytest
from django.utils import timezone

from posts.tests.factories import PostFactory
from posts.tests.support import html_of, post_ids_in


def test_profile_url_ignores_case(client_for, student, classmate):
    assert "Kim Lund" in html_of(client_for(student).get("/users/KIM/"))


def test_profile_paginates_posts(client_for, student, classmate):
    posts = PostFactory.create_batch(45, author=classmate)
    client, path, shown = client_for(student), "/users/kim/", []

    while path:
        page = html_of(client.get(path))
        shown += [int(pk) for pk in re.findall(r'<a class="d-inline-block" href="/posts/(\d+)/">', page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older and f"/users/kim/{older[1]}"

    assert shown == [post.pk for post in reversed(posts)]


@pytest.mark.parametrize("before", ["abc", "-1", "9" * 5000, "\x00", "٣"])
def test_profile_with_an_invalid_cursor_shows_the_newest_posts(client_for, student, before):
    post = PostFactory(author=student)

    assert f"/posts/{post.pk}/" in html_of(client_for(student).get("/users/sam/", {"before": before}))


def test_popover_is_a_fragment_with_details_of_the_user(client_for, student, classmate):
    classmate.location, classmate.description = "House Lund", "I like chess\nand tea"
    classmate.save()

    page = html_of(client_for(student).get("/users/kim/popover/"))

    assert "<html" not in page
    for shown in ("Kim Lund", "@kim", "student", "House Lund", "I like chess<br>and tea", "Member since", "Posts"):
        assert shown in page
    assert post_ids_in(page) == []


def test_posts_of_a_deactivated_user_have_no_profile_link(client_for, student, deactivated, common_room):
    PostFactory(room=common_room, author=deactivated, body="I was here")

    page = client_for(student).get("/rooms/common/").content.decode()

    assert "I was here" in page
    assert "/users/gone/" not in page


def test_profile_shows_the_user_before_the_posts(client_for, student, classmate, common_room):
    PostFactory(author=classmate, room=common_room, body="My post")

    page = html_of(client_for(student).get("/users/kim/"))

    assert page.index("<h1>") < page.index("@kim") < page.index("My post")


def test_profile_shows_the_author_that_a_post_replies_to(client_for, student, classmate, common_room):
    parent = PostFactory(author=classmate, room=common_room)
    PostFactory(author=student, room=common_room, reply_to=parent)
    PostFactory(author=student, room=common_room)

    assert html_of(client_for(student).get("/users/sam/")).count("in reply to kim") == 1


def test_profile_does_not_name_closed_accounts_in_replies(client_for, student, classmate, common_room):
    PostFactory(author=student, room=common_room, reply_to=PostFactory(author=classmate, room=common_room))
    type(classmate).objects.filter(pk=classmate.pk).update(is_active=False, closed_at=timezone.now())

    assert "in reply to" not in html_of(client_for(student).get("/users/sam/"))


def test_number_of_posts_is_counted_up_to_a_limit(client_for, student, classmate, common_room, monkeypatch):
    monkeypatch.setattr("posts.views.people.MAX_POST_COUNT", 2)
    client = client_for(student)
    pages = []
    for _number in range(3):
        PostFactory(author=classmate)
        pages.append(client.get("/users/kim/popover/").content.decode())

    assert ["<dd>1</dd>" in pages[0], "<dd>2</dd>" in pages[1], "<dd>2+</dd>" in pages[2]] == [True] * 3
