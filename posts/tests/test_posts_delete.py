"""Deleting a post, by its author or a moderator, and its audit log."""

import pytest

from accounts.audit import DELETION
from posts.actions import write_post
from posts.models import Post
from posts.tests.audit import audit_entries
from posts.tests.factories import PostFactory
from posts.tests.support import find_row, html_of, post_ids_in


@pytest.fixture
def post(student, room):
    """A post by `student` in the room of `teacher`."""
    return write_post(student, room, "The cat is out")


def test_author_deletes_after_confirmation(client_for, student, post):
    client = client_for(student)

    confirmation = client.get(f"/posts/{post.pk}/delete/")
    response = client.post(f"/posts/{post.pk}/delete/", {"reason": "unrequested"})

    post.refresh_from_db()
    assert "Delete this post?" in html_of(confirmation)
    assert 'name="reason"' not in html_of(confirmation)
    assert response["Location"] == f"/posts/{post.pk}/"
    assert (post.is_removed, post.removed_by_id) == (True, student.pk)
    assert audit_entries(post) == [("sam", DELETION, [], "")]
    assert "This post was deleted by its author." in find_row(html_of(client.get("/rooms/chemistry/")), post)


@pytest.mark.guarantee("audit")
@pytest.mark.parametrize("user", ["teacher", "admin"])
def test_moderator_removes_with_a_reason(client_for, request, student, post, user):
    user = request.getfixturevalue(user)
    client = client_for(user)

    confirmation = client.get(f"/posts/{post.pk}/delete/")
    client.post(f"/posts/{post.pk}/delete/", {"reason": "Names\na child"})

    post.refresh_from_db()
    assert "Remove this post?" in html_of(confirmation)
    assert 'name="reason"' in html_of(confirmation)
    assert post.removed_by_id == user.pk
    assert audit_entries(post) == [(user.username, DELETION, [], "Names a child")]
    assert "removed by a moderator" in find_row(html_of(client_for(student).get("/rooms/chemistry/")), post)


def test_reason_is_optional_and_limited(client_for, teacher, post):
    client = client_for(teacher)

    too_long = client.post(f"/posts/{post.pk}/delete/", {"reason": "x" * 201})
    is_unchanged = not Post.objects.get().is_removed
    client.post(f"/posts/{post.pk}/delete/", {})

    assert (too_long.status_code, is_unchanged) == (200, True)
    assert "x" * 201 in html_of(too_long)
    assert Post.objects.get().is_removed
    assert audit_entries(post) == [("ms.hale", DELETION, [], "")]


def test_other_members_cannot_remove(client_for, classmate, post):
    client = client_for(classmate)

    responses = [client.get(f"/posts/{post.pk}/delete/"), client.post(f"/posts/{post.pk}/delete/", {"reason": "x"})]

    assert [response.status_code for response in responses] == [403, 403]
    assert not Post.objects.get().is_removed


def test_room_owner_cannot_remove_in_common_room(client_for, teacher, room):
    post = PostFactory()

    assert client_for(teacher).post(f"/posts/{post.pk}/delete/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("student", "student", "Post deleted."),
        ("teacher", "teacher", "Post removed."),
        ("teacher", "student", "Post deleted."),
    ],
)
def test_second_removal_has_no_effect_and_shows_the_same_page(client_for, request, post, first, second, message):
    url, client = f"/posts/{post.pk}/delete/", client_for(request.getfixturevalue(second))
    client_for(request.getfixturevalue(first)).post(url)

    response = client.post(url, {"reason": "x"}, follow=True)

    assert response.redirect_chain[-1] == (f"/rooms/chemistry/?at={post.pk}#post-{post.pk}", 302)
    assert message in html_of(response)
    assert [entry[0] for entry in audit_entries(post)] == [request.getfixturevalue(first).username]


def test_form_of_a_removed_post_is_not_shown(client_for, student, teacher, post):
    client_for(student).post(f"/posts/{post.pk}/delete/")
    client = client_for(teacher)

    for response in (
        client.get(f"/posts/{post.pk}/delete/"),
        client.post(f"/posts/{post.pk}/delete/", {"reason": "x" * 201}),
    ):
        assert response.status_code == 403
        assert post.body not in html_of(response)


def test_removal_of_an_old_post_keeps_its_place(client_for, teacher, room, settings):
    settings.POSTS_PER_PAGE = 3
    posts = PostFactory.create_batch(10, room=room)

    response = client_for(teacher).post(f"/posts/{posts[2].pk}/delete/", follow=True)

    assert response.redirect_chain[-1][0] == f"/rooms/chemistry/?at={posts[2].pk}#post-{posts[2].pk}"
    assert "Post removed." in html_of(response)
    assert posts[2].pk in post_ids_in(html_of(response))


def test_deleted_text_is_not_shown_and_replies_remain(client_for, student, classmate, teacher, room):
    parent = write_post(student, room, "@kim the cat is out")
    reply = write_post(classmate, room, "Which cat?", reply_to=parent)
    client = client_for(student)
    client.post(f"/posts/{parent.pk}/delete/")

    room_page = html_of(client_for(classmate).get("/rooms/chemistry/"))
    assert "Which cat?" in find_row(room_page, reply)
    assert "<i>deleted</i>" in find_row(room_page, reply)
    assert "deleted by its author" in find_row(room_page, parent)
    for user in (classmate, teacher, student):
        client = client_for(user)
        for path in (
            "/rooms/chemistry/",
            f"/rooms/chemistry/?at={parent.pk}",
            f"/rooms/chemistry/?reply_to={parent.pk}",
            "/rooms/chemistry/updates/?after=0",
            "/users/sam/",
            "/users/kim/",
            "/users/sam/popover/",
            "/notifications/",
            client.get("/home/")["Location"],
            f"/posts/{reply.pk}/delete/",
        ):
            assert "cat is out" not in html_of(client.get(path)), path
    for user in (classmate, teacher):
        assert "cat is out" not in html_of(client_for(user).post("/account/export/"))


def test_permalink_of_deleted_post_still_works(client_for, student, post):
    client = client_for(student)
    client.post(f"/posts/{post.pk}/delete/")

    assert client.get(f"/posts/{post.pk}/", follow=True).status_code == 200
