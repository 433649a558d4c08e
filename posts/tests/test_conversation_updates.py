"""What an open conversation asks for, again and again."""

import pytest

from posts.actions import edit_post, remove_post, write_post
from posts.models import Post
from posts.tests.factories import PostFactory
from posts.tests.support import find_row, html_of, post_ids_in
from posts.views.conversation import MAX_CHANGES


@pytest.fixture
def client(client_for, student):
    return client_for(student)


def ask(client, after, **headers):
    return client.get("/rooms/chemistry/updates/", {"after": after}, headers=headers)


def test_nothing_new_is_answered_with_nothing(client, room, classmate):
    post = write_post(classmate, room, "Hello")

    answers = [ask(client, post.revision), ask(client, 0, **{"If-None-Match": '"1"'}), ask(client, 99)]

    assert [(answer.status_code, answer.content, answer["ETag"]) for answer in answers] == [(304, b"", '"1"')] * 3


def test_empty_room_has_nothing_new(client, room):
    assert ask(client, "").status_code == 304


def test_rows_that_came_later_are_sent_in_order(client, room, classmate, teacher):
    people = (classmate, teacher, classmate)
    posts = [write_post(who, room, f"Hello number {number}") for number, who in enumerate(people)]

    answer = ask(client, posts[0].revision)

    assert (answer.status_code, answer["ETag"]) == (200, '"3"')
    assert post_ids_in(html_of(answer)) == [posts[1].pk, posts[2].pk]
    assert "<html" not in html_of(answer)


def test_page_says_after_which_revision_to_ask(client, room, classmate):
    write_post(classmate, room, "Hello")

    page = html_of(client.get(room.get_absolute_url()))

    assert 'data-revision="1"' in page
    assert 'data-updates="/rooms/chemistry/updates/"' in page


def test_edits_and_removals_are_sent(client, room, classmate):
    first, _second, third = (write_post(classmate, room, word) for word in ("one", "two", "three"))

    edit_post(first, "one and a half", classmate)
    remove_post(third, classmate)
    page = html_of(ask(client, 3))

    assert post_ids_in(page) == [first.pk, third.pk]
    assert "one and a half" in find_row(page, first)
    assert "deleted by its author" in find_row(page, third)
    assert "three" not in page


@pytest.mark.parametrize(
    "change",
    [lambda post: edit_post(post, "new words", post.author), lambda post: remove_post(post, post.author)],
    ids=["edit", "removal"],
)
def test_replies_whose_quote_changed_are_sent_too(client, room, classmate, teacher, change):
    parent = write_post(classmate, room, "old words")
    reply = write_post(teacher, room, "Indeed", reply_to=parent)

    change(Post.objects.get(pk=parent.pk))
    page = html_of(ask(client, 2))

    assert post_ids_in(page) == [parent.pk, reply.pk]
    assert "old words" not in page


@pytest.mark.parametrize(("number", "status"), [(MAX_CHANGES, 200), (MAX_CHANGES + 1, 205)])
def test_who_missed_too_much_is_told_to_reload(client, room, classmate, number, status):
    Post.objects.bulk_create(
        Post(room=room, author=classmate, body="Hello", revision=revision + 1) for revision in range(number)
    )
    room.revision = number
    room.save()

    answer = ask(client, 0)

    assert (answer.status_code, answer["ETag"]) == (status, f'"{number}"')
    assert len(post_ids_in(html_of(answer))) == (number if status == 200 else 0)


def test_other_rooms_do_not_disturb(client, room, common_room, classmate):
    write_post(classmate, common_room, "Hello")
    PostFactory(room=common_room)

    assert ask(client, 0).status_code == 304


@pytest.mark.parametrize("after", ["abc", "-1", "9" * 5000, "9223372036854775808", "1.5", "\x00"])
def test_revision_that_is_none_is_not_understood(client, room, after):
    assert ask(client, after).status_code == 400


def test_each_change_takes_the_next_revision(room, student):
    post = write_post(student, room, "one")
    revisions = [post.revision]
    for change in (lambda: edit_post(post, "two", student), lambda: remove_post(post, student)):
        change()
        post.refresh_from_db()
        revisions.append(post.revision)

    room.refresh_from_db()
    assert revisions == [1, 2, 3]
    assert room.revision == 3
