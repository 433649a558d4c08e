"""The updates that an open conversation polls for."""

import pytest

from posts.actions import edit_post, remove_post, write_post
from posts.models import Post
from posts.tests.factories import PostFactory
from posts.tests.support import find_row, html_of, post_ids_in
from posts.views.conversation import MAX_CHANGES


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def get_updates(client, after, **headers):
    return client.get("/rooms/chemistry/updates/", {"after": after}, headers=headers)


def test_unchanged_conversation_returns_304(client, room, classmate):
    post = write_post(classmate, room, "Hello")

    responses = [
        get_updates(client, post.revision),
        get_updates(client, 0, **{"If-None-Match": '"1"'}),
        get_updates(client, 99),
    ]

    assert [(response.status_code, response.content, response["ETag"]) for response in responses] == [
        (304, b"", '"1"')
    ] * 3


def test_empty_room_returns_304(client, room):
    assert get_updates(client, "").status_code == 304


def test_newer_rows_are_returned_in_order(client, room, classmate, teacher):
    authors = (classmate, teacher, classmate)
    posts = [write_post(author, room, f"Hello number {number}") for number, author in enumerate(authors)]

    response = get_updates(client, posts[0].revision)

    assert (response.status_code, response["ETag"]) == (200, '"3"')
    assert post_ids_in(html_of(response)) == [posts[1].pk, posts[2].pk]
    assert "<html" not in html_of(response)


def test_page_contains_its_revision_and_the_path_for_updates(client, room, classmate):
    write_post(classmate, room, "Hello")

    page = html_of(client.get(room.get_absolute_url()))

    assert 'data-revision="1"' in page
    assert 'data-updates="/rooms/chemistry/updates/"' in page


def test_edited_and_removed_posts_are_returned(client, room, classmate):
    first, _second, third = (write_post(classmate, room, text) for text in ("one", "two", "three"))

    edit_post(first, "one and a half", classmate)
    remove_post(third, classmate)
    page = html_of(get_updates(client, 3))

    assert post_ids_in(page) == [first.pk, third.pk]
    assert "one and a half" in find_row(page, first)
    assert "deleted by its author" in find_row(page, third)
    assert "three" not in page


@pytest.mark.parametrize(
    "change",
    [lambda post: edit_post(post, "new text", post.author), lambda post: remove_post(post, post.author)],
    ids=["edit", "removal"],
)
def test_replies_to_a_changed_post_are_returned(client, room, classmate, teacher, change):
    parent = write_post(classmate, room, "the first words")
    reply = write_post(teacher, room, "Indeed", reply_to=parent)

    change(Post.objects.get(pk=parent.pk))
    page = html_of(get_updates(client, 2))

    assert post_ids_in(page) == [parent.pk, reply.pk]
    assert "the first words" not in page


@pytest.mark.parametrize(("number", "status"), [(MAX_CHANGES, 200), (MAX_CHANGES + 1, 205)])
def test_too_many_changes_return_205(client, room, classmate, number, status):
    Post.objects.bulk_create(
        Post(room=room, author=classmate, body="Hello", revision=revision + 1) for revision in range(number)
    )
    room.revision = number
    room.save()

    response = get_updates(client, 0)

    assert (response.status_code, response["ETag"]) == (status, f'"{number}"')
    assert len(post_ids_in(html_of(response))) == (number if status == 200 else 0)


def test_changes_in_other_rooms_are_ignored(client, room, common_room, classmate):
    write_post(classmate, common_room, "Hello")
    PostFactory(room=common_room)

    assert get_updates(client, 0).status_code == 304


@pytest.mark.parametrize("after", ["abc", "-1", "9" * 5000, "9223372036854775808", "1.5", "\x00"])
def test_invalid_revision_returns_400(client, room, after):
    assert get_updates(client, after).status_code == 400


def test_each_change_increments_the_revision(room, student):
    post = write_post(student, room, "one")
    revisions = [post.revision]
    for change in (lambda: edit_post(post, "two", student), lambda: remove_post(post, student)):
        change()
        post.refresh_from_db()
        revisions.append(post.revision)

    room.refresh_from_db()
    assert revisions == [1, 2, 3]
    assert room.revision == 3
