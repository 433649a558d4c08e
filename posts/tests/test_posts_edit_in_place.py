"""The fragments with which a script edits a post in its place."""

import pytest

from posts.actions import edit_post, write_post
from posts.models import Post, Room
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, find_row, html_of, parse_html


@pytest.fixture
def post(student, room):
    """A post by `student` in the room of `teacher`."""
    return write_post(student, room, "The cat is <out>")


def form_of(response):
    return parse_html(f"<!doctype html><title>x</title><ul>{html_of(response)}</ul>").find(".//form")


def loaded_by(form):
    return form.find(".//input[@name='loaded']").get("value")


def test_form_contains_the_text_and_the_limit_of_the_room(client_for, student, room, post):
    Room.objects.filter(pk=room.pk).update(post_max_length=500)

    response = client_for(student).get(f"/posts/{post.pk}/edit/", headers=FETCH)

    form = form_of(response)
    assert (response.status_code, "<html" in html_of(response)) == (200, False)
    assert form.find(".//textarea").text == "The cat is <out>"
    assert form.get("data-limit") == "500"
    assert form.find(".//ul").get("data-people") == "/rooms/chemistry/people/"
    assert form.find(".//a").get("href") == f"/posts/{post.pk}/"


def test_limit_of_a_longer_post_is_one_character_less_than_it_has(client_for, student, room):
    post = PostFactory(room=room, author=student, body="x" * 200)

    assert form_of(client_for(student).get(f"/posts/{post.pk}/edit/", headers=FETCH)).get("data-limit") == "199"


def test_saving_returns_the_changed_row(client_for, student, post):
    response = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The cat is in"}, headers=FETCH)

    row = find_row(html_of(response), post)
    assert response.status_code == 200
    assert "The cat is in" in row
    assert "post-edited" in row
    assert "is-mine" in row


def test_error_returns_the_form_with_the_submitted_text(client_for, student, post):
    response = client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "x" * 141}, headers=FETCH)

    form = form_of(response)
    field = form.find(".//textarea")
    assert (response.status_code, field.text, field.get("aria-invalid")) == (422, "x" * 141, "true")
    assert "1 character too long" in html_of(response)
    assert form.find(f".//*[@id='{field.get('aria-describedby')}']/p") is not None


def test_conflict_shows_the_other_text_and_the_next_submission_replaces_it(client_for, student, post):
    client, url = client_for(student), f"/posts/{post.pk}/edit/"
    fields = {"body": "Mine", "loaded": loaded_by(form_of(client.get(url, headers=FETCH)))}
    edit_post(post, "Changed on another device", student)

    conflict = client.post(url, fields, headers=FETCH)

    assert conflict.status_code == 422
    assert "Changed on another device" in html_of(conflict)
    assert form_of(conflict).find(".//textarea").text == "Mine"
    assert Post.objects.get().body == "Changed on another device"
    assert client.post(url, fields | {"loaded": loaded_by(form_of(conflict))}, headers=FETCH).status_code == 200
    assert Post.objects.get().body == "Mine"


def test_ended_session_redirects_to_the_sign_in_page_and_then_to_the_edit_page(client_for, post):
    response = client_for(None).post(f"/posts/{post.pk}/edit/", {"body": "Mine"}, headers=FETCH)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next=/posts/{post.pk}/edit/")
