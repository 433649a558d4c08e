"""Errors of the form for posts."""

import pytest
from django.utils import timezone

from posts.models import Post
from posts.tests.support import FETCH, html_of, parse_html, post_ids_in


def field_text(html):
    """Return what stands in the composer's field."""
    return "".join(parse_html(f"<!doctype html><title>x</title>{html}", strict=False).find(".//textarea").itertext())


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
