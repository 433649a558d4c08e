"""Writing a post: by plain form, by script, with errors, twice."""

import re
import uuid

import pytest
from django.utils import timezone

from posts.actions import write_post
from posts.actions.posts import SAME_POST_WITHIN
from posts.models import Membership, Notification, Post
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of, parse_html, post_ids_in


def field_text(html):
    """Return what stands in the composer's field."""
    return "".join(parse_html(f"<!doctype html><title>x</title>{html}", strict=False).find(".//textarea").itertext())


def test_plain_form_goes_on_to_the_post(client_for, student, room):
    answer = client_for(student).post(room.get_absolute_url(), {"body": "Hello"})

    post = Post.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/rooms/chemistry/#post-{post.pk}")
    assert (post.author_id, post.room, post.body, post.reply_to) == (student.pk, room, "Hello", None)


def test_script_gets_the_row(client_for, student, room):
    answer = client_for(student).post(room.get_absolute_url(), {"body": "Hello"}, headers=FETCH)

    post = Post.objects.get()
    assert answer.status_code == 201
    assert post_ids_in(html_of(answer)) == [post.pk]
    assert "Hello" in html_of(answer)
    assert "<html" not in html_of(answer)


def test_reply_keeps_the_post_that_it_answers(client_for, student, room_post):
    client_for(student).post(room_post.room.get_absolute_url(), {"body": "Indeed", "reply_to": room_post.pk})

    assert Post.objects.get(body="Indeed").reply_to == room_post


def test_fields_that_the_form_does_not_have_change_nothing(client_for, student, classmate, room, common_room):
    sent = {"body": "Hello", "author": classmate.pk, "room": common_room.pk, "created_at": "2001-01-01", "revision": 99}

    client_for(student).post(room.get_absolute_url(), sent)

    post = Post.objects.get()
    assert (post.author_id, post.room_id, post.revision) == (student.pk, room.pk, 1)
    assert post.created_at.year > 2001


INVISIBLE = [
    "", " ", " \r\n\t ", "\u200b", "\u200d\ufeff", "\u00ad", "\x00\x01\x1b", "\u3164", "\u202e\u2066", "\U000e0041"
]  # fmt: skip


@pytest.mark.parametrize("body", INVISIBLE)
def test_post_that_says_nothing_is_refused(client_for, student, room, body):
    answer = client_for(student).post(room.get_absolute_url(), {"body": body})

    assert answer.status_code == 200
    assert "Write something first." in html_of(answer)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  Hello  ", "Hello"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x00b\x1bc\x7fd\x85e", "abcd\ne"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("left\u202eright\u2066", "leftright"),
        ("e\u0301", "é"),
        ("👩‍🔬 نه‌می‌دانم", "👩‍🔬 نه‌می‌دانم"),
        ("a" + "\u0300" * 50, "à" + "\u0300" * 4),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_text_is_brought_into_one_form(client_for, student, room, sent, kept):
    client_for(student).post(room.get_absolute_url(), {"body": sent})

    assert Post.objects.get().body == kept


@pytest.mark.parametrize(
    ("limit", "body", "is_written"),
    [
        (140, "x" * 140, True),
        (140, "x" * 141, False),
        (140, "  " + "x" * 140 + "\r\n", True),
        (140, "x\r\n" * 70, True),
        (140, "😀" * 140, True),
        (140, "😀" * 141, False),
        (5, "12345", True),
        (5, "123456", False),
        (500, "x" * 500, True),
        (500, "x" * 501, False),
    ],
)
def test_limit_counts_characters(client_for, student, room, settings, limit, body, is_written):
    settings.POST_MAX_LENGTH = limit

    answer = client_for(student).post(room.get_absolute_url(), {"body": body})

    assert answer.status_code == (302 if is_written else 200)
    assert Post.objects.exists() == is_written
    if not is_written:
        assert f"A post may have {limit} characters. This one has {limit + 1}." in html_of(answer)


def test_limit_is_the_one_that_the_page_counts_by(client_for, student, room, settings):
    settings.POST_MAX_LENGTH = 77

    page = html_of(client_for(student).get(room.get_absolute_url()))

    assert 'data-limit="77"' in page


def test_error_keeps_what_was_typed_on_the_whole_page(client_for, student, room_post):
    typed = "<b>" + "word " * 60

    answer = client_for(student).post(room_post.room.get_absolute_url(), {"body": typed, "reply_to": room_post.pk})

    page = html_of(answer)
    assert answer.status_code == 200
    assert field_text(page).strip() == typed.strip()
    assert 'aria-invalid="true"' in page
    assert "A post may have 140 characters" in page.partition('class="composer-errors"')[2]
    assert f'name="reply_to" value="{room_post.pk}"' in page
    assert room_post.pk in post_ids_in(page)


def test_error_keeps_what_was_typed_in_the_fragment(client_for, student, room):
    typed = "word " * 60

    answer = client_for(student).post(room.get_absolute_url(), {"body": typed}, headers=FETCH)

    page = html_of(answer)
    assert answer.status_code == 422
    assert "<html" not in page
    assert field_text(page).strip() == typed.strip()
    assert "A post may have 140 characters" in page


@pytest.mark.parametrize("sent", ["abc", "-1", "0", "1.5", "9" * 30, "9" * 5000, "1\x00", "\ud800", "١", " "])
def test_reply_to_what_is_no_post_is_refused_with_a_word(client_for, student, room, sent):
    sent = sent.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    answer = client_for(student).post(room.get_absolute_url(), {"body": "Indeed", "reply_to": sent})

    assert answer.status_code == 200
    errors = html_of(answer).partition('class="composer-errors"')[2].partition("</form>")[0]
    assert "The post that you reply to is gone." in errors or "Null characters are not allowed." in errors
    assert field_text(html_of(answer)).strip() == "Indeed"
    assert not Post.objects.exists()


def test_reply_to_a_removed_post_is_refused(client_for, student, room_post):
    Post.objects.update(removed_at=timezone.now())

    answer = client_for(student).post(room_post.room.get_absolute_url(), {"body": "Indeed", "reply_to": room_post.pk})

    assert "The post that you reply to is gone." in html_of(answer)
    assert "swordfish" not in html_of(answer)


@pytest.mark.parametrize("token", ["abc", "1" * 5000, "\x00"])
def test_token_that_is_none_is_refused(client_for, student, room, token):
    answer = client_for(student).post(room.get_absolute_url(), {"body": "Hello", "token": token})

    assert answer.status_code == 200
    assert not Post.objects.exists()


def test_same_token_twice_is_one_post(client_for, student, classmate, room):
    client, sent = client_for(student), {"body": "Hello @kim", "token": uuid.uuid4()}

    answers = [client.post(room.get_absolute_url(), sent) for _time in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Post.objects.count() == 1
    assert Notification.objects.count() == 1


def test_same_token_after_an_edit_is_the_same_post(client_for, student, room):
    client, token = client_for(student), uuid.uuid4()
    client.post(room.get_absolute_url(), {"body": "Helo", "token": token})
    client.post(f"/posts/{Post.objects.get().pk}/edit/", {"body": "Hello"})

    client.post(room.get_absolute_url(), {"body": "Helo", "token": token})

    assert Post.objects.get().body == "Hello"


def test_other_words_under_a_used_token_are_not_lost(client_for, student, room):
    client, token = client_for(student), uuid.uuid4()

    for body in ("Hello", "Hello, and one more thing", "Hello, and one more thing", "Hello"):
        client.post(room.get_absolute_url(), {"body": body, "token": token})

    assert [post.body for post in Post.objects.order_by("pk")] == ["Hello", "Hello, and one more thing"]


def test_token_of_somebody_else_hides_nothing(client_for, student, classmate, room):
    token = uuid.uuid4()

    for person in (student, classmate):
        client_for(person).post(room.get_absolute_url(), {"body": "Hello", "token": token})

    assert Post.objects.count() == 2


def test_two_deliberate_posts_of_the_same_words_are_two(client_for, student, room):
    client = client_for(student)

    for _time in range(2):
        client.post(room.get_absolute_url(), {"body": "Yes", "token": uuid.uuid4()})

    assert Post.objects.count() == 2


def test_page_brings_a_new_token_each_time(client_for, student, room):
    client = client_for(student)

    pages = [html_of(client.get(room.get_absolute_url())) for _time in range(3)]
    tokens = {re.search(r'name="token" value="([\w-]{36})"', page)[1] for page in pages}

    assert len(tokens) == 3


def test_same_words_without_a_token_are_one_post_for_a_moment_only(student, room):
    first = write_post(student, room, "Yes")
    again = write_post(student, room, "Yes")
    Post.objects.update(created_at=timezone.now() - SAME_POST_WITHIN)

    later = write_post(student, room, "Yes")

    assert (again, later == first) == (first, False)


def test_same_words_as_a_reply_or_in_another_room_are_another_post(student, room, common_room):
    parent = PostFactory(room=room)
    first = write_post(student, room, "Yes")

    others = [write_post(student, room, "Yes", reply_to=parent), write_post(student, common_room, "Yes")]

    assert len({first, *others}) == 3


def test_writing_reads_the_room_up_to_there(student, room):
    post = write_post(student, room, "Yes")

    assert Membership.objects.get(user=student, room=room).last_read == post.pk


def test_visitor_writes_nothing(client_for, common_room):
    answer = client_for(None).post(common_room.get_absolute_url(), {"body": "Hello"})

    assert answer["Location"] == "/login/?next=/rooms/common/"
    assert not Post.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(client_for, student, room, method):
    assert getattr(client_for(student), method)(room.get_absolute_url()).status_code == 405
