"""The text of a post: cleaning and maximum length."""

import pytest

from posts.models import Post
from posts.tests.support import html_of

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
