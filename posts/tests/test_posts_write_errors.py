"""Errors of the form for posts."""

import pytest
from django.utils import timezone

from posts.models import Post
from posts.tests.support import FETCH, html_of, parse_html, post_ids_in


def textarea_text(html):
    """Return the text in the composer."""
    return "".join(parse_html(f"<!doctype html><title>x</title>{html}", strict=False).find(".//textarea").itertext())


def test_error_page_preserves_the_text(client_for, student, room_post):
    text = "<b>" + "word " * 60

    response = client_for(student).post(room_post.room.get_absolute_url(), {"body": text, "reply_to": room_post.pk})

    page = html_of(response)
    assert response.status_code == 200
    assert textarea_text(page).strip() == text.strip()
    assert 'aria-invalid="true"' in page
    assert "162 characters too long" in page.partition('id="composer-errors"')[2]
    assert f'name="reply_to" value="{room_post.pk}"' in page
    assert room_post.pk in post_ids_in(page)


def test_error_fragment_preserves_the_text(client_for, student, room):
    text = "word " * 60

    response = client_for(student).post(room.get_absolute_url(), {"body": text}, headers=FETCH)

    page = html_of(response)
    assert response.status_code == 422
    assert "<html" not in page
    assert textarea_text(page).strip() == text.strip()
    assert "159 characters too long" in page


def test_error_fragment_is_in_the_language_of_the_request(client_for, student, room):
    client = client_for(student)
    for language, text in [("de", "Bild hinzufügen"), ("en-gb", "Add a picture")]:
        headers = FETCH | {"Accept-Language": language}

        page = html_of(client.post(room.get_absolute_url(), {"body": ""}, headers=headers))

        assert text in page


@pytest.mark.parametrize(
    ("body", "rows"),
    [("", 1), ("x" * 200, 5), ("\r\n".join("abc") + "x" * 140, 5), ("a\r\nb" + " " * 9 + "x" * 137, 5), ("\n" * 9, 5)],
)
def test_composer_shows_the_lines_of_the_rejected_text(client_for, student, room, body, rows):
    response = client_for(student).post(room.get_absolute_url(), {"body": body})

    assert f'rows="{rows}"' in html_of(response)


@pytest.mark.parametrize("value", ["abc", "-1", "0", "1.5", "9" * 30, "9" * 5000, "1\x00", "\ud800", "١", " "])
def test_invalid_reply_to_is_an_error(client_for, student, room, value):
    value = value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    response = client_for(student).post(room.get_absolute_url(), {"body": "Indeed", "reply_to": value})

    assert response.status_code == 200
    errors = html_of(response).partition('id="composer-errors"')[2].partition("</form>")[0]
    assert "The post you were replying to has been deleted." in errors or "Null characters are not allowed." in errors
    assert textarea_text(html_of(response)).strip() == "Indeed"
    assert not Post.objects.exists()


def test_reply_to_a_removed_post_is_an_error(client_for, student, room_post):
    Post.objects.update(removed_at=timezone.now())

    response = client_for(student).post(room_post.room.get_absolute_url(), {"body": "Indeed", "reply_to": room_post.pk})

    assert "The post you were replying to has been deleted." in html_of(response)
    assert "swordfish" not in html_of(response)
    assert 'name="reply_to" value=""' in html_of(response)
    assert textarea_text(html_of(response)).strip() == "Indeed"


@pytest.mark.parametrize("token", ["abc", "1" * 5000, "\x00"])
def test_invalid_token_is_an_error(client_for, student, room, token):
    response = client_for(student).post(room.get_absolute_url(), {"body": "Hello", "token": token})

    assert response.status_code == 200
    assert not Post.objects.exists()
