"""The text of a post: cleaning and maximum length."""

import pytest

from posts.actions import write_post
from posts.models import Post, Room
from posts.tests.support import html_of

INVISIBLE = ["", " \r\n\t ", "\u200b", "\x00\x1b", "\u3164", "\u202e\u2066", "\U000e0041", "\u2800"]


@pytest.mark.parametrize("body", INVISIBLE)
def test_post_without_visible_text_is_rejected(client_for, student, room, body):
    response = client_for(student).post(room.get_absolute_url(), {"body": body})

    assert response.status_code == 200
    assert "Write something first." in html_of(response)
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
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
def test_text_is_normalized(client_for, student, room, text, expected):
    client_for(student).post(room.get_absolute_url(), {"body": text})

    assert Post.objects.get().body == expected


@pytest.mark.parametrize(
    ("limit", "body", "is_valid"),
    [
        (140, "x" * 140, True),
        (140, "x" * 141, False),
        (140, "  " + "x" * 140 + "\r\n", True),
        (140, "x\r\n" * 70, True),
        (140, "😀" * 140, True),
        (140, "😀" * 141, False),
        (140, "e\u0301" * 140, True),
        (140, "e\u0301" * 141, False),
        (10_000, "e\u0301\r\n" * 5000, True),
        (10_000, "e\u0301" * 10_001, False),
        (140, "a" + "\r\n" * 200 + "b", True),
        (140, "a" + "\r\n \u200b" * 200 + "\r\n" + "b" * 137, True),
        (140, "a" + "\r\n \u200b" * 200 + "\r\n" + "b" * 138, False),
        (5, "12345", True),
        (5, "123456", False),
        (500, "x" * 500, True),
        (500, "x" * 501, False),
    ],
)
def test_maximum_length_counts_characters(client_for, student, room, settings, limit, body, is_valid):
    settings.POST_MAX_LENGTH = limit

    response = client_for(student).post(room.get_absolute_url(), {"body": body})

    assert response.status_code == (302 if is_valid else 200)
    assert Post.objects.exists() == is_valid
    if not is_valid:
        assert "1 character too long" in html_of(response)


def test_maximum_length_can_depend_on_the_room(client_for, student, room, common_room):
    Room.objects.filter(pk=room.pk).update(post_max_length=280)
    client = client_for(student)

    for each, limit in [(room, 280), (common_room, 140)]:
        post = write_post(student, each, "short")
        for url in (each.get_absolute_url(), f"/posts/{post.pk}/edit/"):
            assert "2 characters too long" in html_of(client.post(url, {"body": "x" * (limit + 2)}))
            assert client.post(url, {"body": "x" * limit}).status_code == 302
        assert [len(post.body) for post in each.posts.all()] == [limit, limit]
        assert f'data-limit="{limit}"' in html_of(client.get(each.get_absolute_url()))
