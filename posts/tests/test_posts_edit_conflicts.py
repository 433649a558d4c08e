"""A post that is edited in two tabs."""

import pytest

from posts.actions import edit_post, write_post
from posts.models import Post
from posts.tests.support import html_of, parse_html, run_concurrently


@pytest.fixture
def post(student, room):
    """A post by `student` in the room of `teacher`."""
    return write_post(student, room, "The cat is out")


@pytest.fixture
def open_tab(client_for, post):
    """Return a function that opens the edit page and returns a function that submits a text from it."""

    def fields_of(response):
        form = parse_html(html_of(response)).find(".//main//form")
        fields = {node.get("name"): node.get("value", node.text) for node in form.iter() if node.get("name")}
        return {"body": fields["body"].strip(), "loaded": fields["loaded"]}

    def open_tab():
        client, path = client_for(post.author), f"/posts/{post.pk}/edit/"
        tab = {"fields": fields_of(client.get(path))}

        def submit(body):
            response = client.post(path, tab["fields"] | {"body": body})
            if response.status_code == 200:
                tab["fields"] = fields_of(response)
            return response, tab["fields"]["body"]

        return submit

    return open_tab


def test_second_tab_shows_the_conflict_and_preserves_its_text(open_tab, post):
    first, second = open_tab(), open_tab()
    first("The cat is <in>")

    response, text = second("The dog is out")

    assert "This post has been changed since you opened it." in html_of(response)
    assert "“\u2068The cat is &lt;in&gt;\u2069”" in html_of(response)
    assert text == "The dog is out"
    assert Post.objects.get().body == "The cat is <in>"

    assert second("The dog is out")[0].status_code == 302
    assert Post.objects.get().body == "The dog is out"


def test_every_further_edit_is_a_new_conflict(open_tab, post):
    first, second = open_tab(), open_tab()
    first("The cat is in")
    second("The dog is out")
    edit_post(post, "The cat is asleep", post.author)

    response, _text = second("The dog is out")

    assert "The cat is asleep" in html_of(response)
    assert Post.objects.get().body == "The cat is asleep"


def test_same_text_from_two_tabs_is_no_conflict(open_tab):
    first, second = open_tab(), open_tab()
    first("The cat is in")

    assert second("The cat is in")[0].status_code == 302


def test_reply_is_no_conflict(open_tab, post, classmate):
    submit = open_tab()
    write_post(classmate, post.room, "Which cat?", reply_to=post)

    assert submit("The cat is in")[0].status_code == 302


def test_edit_without_the_loaded_text_is_not_checked(client_for, student, post):
    edit_post(post, "The cat is in", student)

    assert client_for(student).post(f"/posts/{post.pk}/edit/", {"body": "The dog is out"}).status_code == 302
    assert Post.objects.get().body == "The dog is out"


@pytest.mark.django_db(transaction=True)
def test_one_of_several_concurrent_edits_succeeds(open_tab):
    tabs = [open_tab() for _number in range(6)]

    outcomes = run_concurrently(6, lambda index: tabs[index](f"Edit {index}")[0].status_code)

    assert sorted(outcomes) == [200, 200, 200, 200, 200, 302]
