"""Forms that are submitted after the session has ended."""

import pytest
from django.forms import PasswordInput
from django.test import Client
from django.urls import resolve, reverse

from accounts import forms
from accounts.tests.factories import PASSWORD
from config.requests import MAX_UNSENT
from config.tests.access_table import expected_responses
from posts.models import Post
from posts.tests.factories import PostFactory
from posts.tests.support import FETCH, html_of, parse_html

TOKEN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
HTML = "<script>alert(1)</script>\"'&amp; é 你 +%20"

# Who submits the form, the name of its URL, its fields, and those that the form contains again.
FORMS = [
    ("student", "room", {"body": f"Hello {HTML}", "reply_to": "{post}", "token": TOKEN}, None),
    ("student", "room", {"body": "x" * 200}, None),
    ("classmate", "post_edit", {"body": f"Edited {HTML}\r\ntwice", "loaded": "0123"}, None),
    ("teacher", "room_create", {"name": f"9b {HTML}", "description": HTML}, None),
    ("teacher", "room_settings", {"name": f"9b {HTML}", "description": HTML, "initial-name": "Chemistry"}, None),
    ("teacher", "class_list_import", {"rows": f"ida\tIda {HTML}\r\nben\tBen"}, None),
    ("teacher", "post_delete", {"reason": f"Unkind {HTML}"}, None),
    ("student", "account", {"location": HTML, "email": "a@b.example", "current_password": "secret"}, ["location"]),
    ("admin", "admin:posts_room_change", {"name": f"9b {HTML}", "archived_at_0": "x"}, ["name"]),
    ("admin", "admin:posts_room_add", {"name": f"9b {HTML}", "slug": "9b"}, None),
]


@pytest.fixture
def url_for(room, room_post):
    """Return a function that returns the URL with this name."""
    arguments = {
        "room": [room.slug],
        "room_settings": [room.slug],
        "class_list_import": [room.slug],
        "room_create": [],
        "account": [],
        "admin:posts_room_change": [room.pk],
        "admin:posts_room_add": [],
    }
    return lambda name: reverse(name, args=arguments.get(name, [room_post.pk]))


@pytest.fixture
def browser():
    """Return a client that checks CSRF tokens, without a session."""
    client = Client(enforce_csrf_checks=True)
    client.token = csrf_token(client.get("/login/"))
    return client


def csrf_token(response):
    return response.context["csrf_token"]


def submit(browser, url, fields, **kwargs):
    """Submit a form from a page that was open when the session ended, and follow redirects."""
    return browser.post(url, {"csrfmiddlewaretoken": browser.token} | fields, follow=True, **kwargs)


def sign_in_form(response):
    """Return the URL and the fields of the sign-in form on a page."""
    page = parse_html(html_of(response), strict=False)
    form = next(form for form in page.iter("form") if form.find(".//input[@name='password']") is not None)
    fields = {node.get("name"): node.get("value", "") for node in form.iter("input") if node.get("name")}
    del fields["remember_me"]
    return form.get("action"), fields


def fields_of_page(response):
    """Return the fields that a browser submits with the form of a page. Each empty field is filled in."""
    form = parse_html(html_of(response), strict=False).find(".//main//form")
    return {node.get("name"): node.get("value", "on") for node in form.iter("input") if node.get("name")}


def sign_in(browser, response, user, password=PASSWORD):
    url, fields = sign_in_form(response)
    return browser.post(
        url or response.request["PATH_INFO"], fields | {"username": user.username, "password": password}
    )


def values_on(response):
    """Return the values of all fields on a page, and its text."""
    page = parse_html(html_of(response), strict=False)
    fields = [node for node in page.iter() if node.tag in ("input", "textarea") and node.get("name")]
    values = {node.get("name"): node.get("value", "".join(node.itertext()).removeprefix("\n")) for node in fields}
    return values, "".join(page.itertext())


@pytest.mark.guarantee("typed-text")
@pytest.mark.parametrize(("who", "name", "fields", "restored"), FORMS)
def test_form_is_filled_in_again_after_sign_in(browser, request, room_post, url_for, who, name, fields, restored):
    user, url = request.getfixturevalue(who), url_for(name)
    fields = {key: value.replace("{post}", str(room_post.pk)) for key, value in fields.items()}
    texts = {key: fields[key].replace("\r\n", "\n") for key in restored or fields}

    page = submit(browser, url, fields)
    wrong_password = sign_in(browser, page, user, "wrong")
    restored_page = sign_in(browser, wrong_password, user)

    assert page.redirect_chain == [(f"/login/?next={url}", 307)]
    assert "Please correct" not in html_of(page)
    assert "Invalid username or password." in html_of(wrong_password)
    assert (restored_page.status_code, restored_page.request["PATH_INFO"]) == (200, url)
    values, text = values_on(restored_page)
    assert {key: values[key].replace("\r\n", "\n") for key in texts} == texts
    assert "Nothing has been sent yet" in text
    assert f'<a href="{url}" data-discard>Discard</a>' in html_of(restored_page)
    assert "secret" not in "".join(map(html_of, (page, wrong_password, restored_page)))

    discarded, _text = values_on(browser.get(url))
    assert all(discarded.get(key) != value for key, value in texts.items())


def test_restored_post_is_sent_by_the_next_submission_only(browser, student, url_for):
    page = submit(browser, url_for("room"), {"body": "Hello"})
    restored = sign_in(browser, page, student)
    assert not Post.objects.filter(author=student).exists()

    browser.post(url_for("room"), {"body": "Hello", "csrfmiddlewaretoken": csrf_token(restored)})

    assert Post.objects.get(author=student).body == "Hello"


def test_file_and_password_are_not_carried(browser, student):
    page = submit(browser, "/account/", {"location": "House Elm", "current_password": "secret"})

    assert sign_in_form(page)[1]["unsent"] == "location=House+Elm"


def test_names_of_password_fields_contain_the_word():
    fields = [field for form in vars(forms).values() for field in getattr(form, "base_fields", {}).items()]

    for name, field in fields:
        assert isinstance(field.widget, PasswordInput) == ("password" in name), name


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("room", {"body": " \r\n", "reply_to": ""}),
        ("room", {"body": "x" * (MAX_UNSENT + 1)}),
        ("account_delete", None),
        ("password_change", None),
    ],
)
def test_other_forms_are_only_redirected(browser, client_for, student, room, name, fields):
    url = reverse(name, args=[room.slug] if name == "room" else [])
    if fields is None:
        fields = fields_of_page(client_for(student).get(url))

    response = browser.post(url, fields | {"csrfmiddlewaretoken": browser.token})

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={url}")


# Forms without a page of their own, and the page that contains them.
ACTIONS = [
    ("/notifications/read/", {"notification": "5"}, "/notifications/"),
    ("/notifications/read/", {}, "/notifications/"),
    ("/rooms/chemistry/read/", {}, "/rooms/chemistry/"),
    ("/rooms/chemistry/read/", {"upto": "5"}, "/rooms/chemistry/"),
    ("/rooms/chemistry/notify/", {"level": "nothing"}, "/rooms/chemistry/"),
    ("/users/kim/approve/", {}, "/users/kim/"),
    ("/rooms/chemistry/mentions/", {"body": "@kim"}, "/rooms/chemistry/"),
    ("/rooms/all/read/", {}, "/rooms/"),
    ("/posts/5/restore/", {}, "/rooms/chemistry/"),
    ("/rooms/chemistry/code/rotate/", {}, "/rooms/chemistry/code/"),
    ("/rooms/chemistry/archive/", {}, "/rooms/chemistry/settings/"),
    ("/rooms/chemistry/reopen/", {}, "/rooms/chemistry/settings/"),
    ("/rooms/chemistry/members/accept/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/kim/accept/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/kim/decline/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/kim/add/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/kim/promote/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/kim/demote/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/members/export/", {}, "/rooms/chemistry/members/"),
    ("/rooms/chemistry/groups/archive/", {}, "/rooms/chemistry/groups/"),
    ("/theme/", {"theme": "dark", "next": "/rooms/"}, "/rooms/"),
    ("/logout/", {}, "/home/administrator/"),
    ("/admin/logout/", {}, "/admin/"),
]


@pytest.mark.parametrize(("url", "fields", "page"), ACTIONS)
def test_form_without_a_page_of_its_own_leads_to_the_page_that_contains_it(browser, admin, room, url, fields, page):
    PostFactory(pk=5, room=room)
    response = submit(browser, url, fields)
    assert not response.context.get("unsent")
    sign_in(browser, response, admin)
    _url, sign_in_fields = sign_in_form(response)
    shown = browser.get(sign_in_fields.get("next", "/home/"), follow=True)

    assert (shown.status_code, shown.request["PATH_INFO"]) == (200, page)


def test_every_form_without_a_page_of_its_own_is_in_the_tests():
    rows = expected_responses()
    names = {name for name, method in rows if method == "GET" and rows[name, method]["student"] == "405"}

    assert names == {resolve(url).url_name for url, _fields, _page in ACTIONS if not url.startswith("/admin/")}


def test_script_is_redirected_without_its_fields(browser, url_for):
    page = submit(browser, url_for("room"), {"body": "Hello"}, headers=FETCH)

    assert page.redirect_chain == [(f"/login/?next={url_for('room')}", 302)]


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_form_is_never_sent_to_another_site(browser, path):
    page = submit(browser, "/login/?next=" + path, {"body": "Hello"})

    url, fields = sign_in_form(page)
    assert (url, "next" in fields) == (None, False)


def test_fields_without_csrf_token_are_rejected(browser, student, url_for):
    url, fields = sign_in_form(submit(browser, url_for("room"), {"body": "Hello"}))
    fields |= {"username": "sam", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 32}

    response = browser.post(url, fields)

    assert response.status_code == 403
    assert "Hello" in html_of(response)
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("student", 200)])
def test_text_is_shown_if_the_user_cannot_send_it(browser, request, room, who, status):
    user = request.getfixturevalue(who)
    page = submit(browser, "/rooms/chemistry/", {"body": "A long story"})
    type(room).objects.update(archived_at=room.created_at)

    response = sign_in(browser, page, user)

    assert (response.status_code, "A long story" in html_of(response)) == (status, True)


def test_text_of_a_bulk_action_is_shown(browser, admin, room_post):
    fields = {"action": "remove", "_selected_action": room_post.pk, "confirmed": "1", "reason": "Names a child"}

    restored = sign_in(browser, submit(browser, "/admin/posts/post/", fields), admin)

    assert "Names a child" in values_on(restored)[1]
    assert not Post.objects.get(pk=room_post.pk).is_removed


def test_user_who_signed_in_elsewhere_gets_the_text_back(browser, student, url_for):
    PostFactory()
    page = submit(browser, url_for("room"), {"body": "Hello"})
    token = csrf_token(sign_in(browser, page, student))

    restored = browser.post(url_for("room"), {"unsent": "body=Hello", "csrfmiddlewaretoken": token})

    assert values_on(restored)[0]["body"] == "Hello"


@pytest.mark.parametrize("path", ["/account/password/", "/account/delete/"])
def test_form_that_needs_a_password_is_not_filled_in_again(client_for, student, path):
    page = html_of(client_for(student).post(path, {"unsent": "understood=on"}))

    assert "error-summary" not in page
    assert "checked" not in page
