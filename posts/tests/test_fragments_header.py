"""The cached header shows the current state."""

import re

import pytest
from django.core.cache import caches

from accounts.models import Role, User
from posts.tests.factories import NotificationFactory
from posts.tests.support import parse_html


@pytest.fixture(autouse=True)
def empty_cache():
    caches["template_fragments"].clear()


@pytest.fixture
def notify(student, teacher, common_room):
    """Return a function that creates a number of unread notifications for `student`."""

    def notify(number):
        fields = {"recipient": student, "actor": teacher, "post": None, "room": common_room, "kind": "accepted"}
        NotificationFactory.create_batch(number, **fields)

    return notify


def get_header(client, path="/students/"):
    html = client.get(path).content.decode()
    return re.search(r'<header class="topbar[^"]*">.*?</header>', html, re.DOTALL)[0]


def remove_tokens(html):
    return re.sub(r'value="\w{64}"', "", html)


def update_user(user, field, value):
    """Change a user as a script would, without an operation."""
    User.objects.filter(pk=user.pk).update(**{field: value})


def test_header_is_the_same_on_each_request(client_for, student):
    client = client_for(student)

    assert remove_tokens(get_header(client)) == remove_tokens(get_header(client))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("username", "sammy", "@sammy"),
        ("first_name", "Samuel", "Samuel"),
        ("last_name", "Adeyemi", "Adeyemi"),
        ("avatar", "avatars/new.webp", "avatars/new.webp"),
        ("is_staff", True, 'href="/admin/"'),
    ],
)
def test_account_menu_changes_with_the_user(client_for, student, field, value, shown):
    client = client_for(student)
    before = get_header(client)
    update_user(student, field, value)

    assert shown not in before
    assert shown in get_header(client)


def test_account_menu_changes_with_the_role(client_for, teacher):
    before = get_header(client_for(teacher))
    update_user(teacher, "role", Role.ADMIN)

    assert "· teacher\n" in before
    assert "· administrator\n" in get_header(client_for(User.objects.get(pk=teacher.pk)))


def test_account_menu_changes_with_the_theme(client_for, student):
    client = client_for(student)
    before = get_header(client)
    client.cookies["theme"] = "dark"

    assert 'value="dark" aria-pressed="false"' in before
    assert 'value="dark" aria-pressed="true"' in get_header(client)


def test_account_menu_shows_the_current_user(client_for, student, classmate):
    headers = {user.username: get_header(client_for(user)) for user in (student, classmate)}

    assert [name for name in headers if "@sam" in headers[name]] == ["sam"]
    assert [name for name in headers if "@kim" in headers[name]] == ["kim"]


def test_each_header_has_its_own_csrf_tokens(client_for, student):
    client = client_for(student)
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', get_header(client)) for _number in range(2)]

    assert all(tokens)
    assert set(tokens[0]).isdisjoint(tokens[1])


def test_badge_changes_with_the_number_of_unread_notifications(client_for, student, notify):
    client, headers = client_for(student), []
    for number in (0, 1, 1, 98):
        notify(number)
        headers.append(get_header(client))

    assert [re.search(r'data-unread-count="(\d+)"', header)[1] for header in headers] == ["0", "1", "2", "100"]


def test_badge_changes_with_the_poll_interval(client_for, student, settings):
    client = client_for(student)
    get_header(client)
    settings.POLL_SECONDS = 77

    assert 'data-poll="77"' in get_header(client)


def current_links(header):
    links = parse_html(header, strict=False).iter("a")
    return [link.get("href") for link in links if link.get("aria-current") == "page"]


def test_tabs_and_badge_mark_the_current_page(client_for, student):
    client = client_for(student)
    current = {
        path: current_links(get_header(client, path))
        for path in ("/home/student/", "/rooms/", "/students/", "/teachers/", "/notifications/", "/account/")
    }

    assert current == {
        "/home/student/": ["/home/"],
        "/rooms/": ["/rooms/"],
        "/students/": ["/students/"],
        "/teachers/": ["/students/"],
        "/notifications/": ["/notifications/"],
        "/account/": [],
    }


@pytest.mark.parametrize("page", ["", "members/", "members/add/", "members/import/", "members/cards/", "settings/"])
def test_rooms_are_the_current_tab_on_all_pages_of_a_room(client_for, room, teacher, page):
    header = get_header(client_for(teacher), f"/rooms/chemistry/{page}")

    assert current_links(header) == ["/rooms/"]


def test_account_navigation_marks_the_current_page(client_for, student):
    client, current = client_for(student), []
    for path in ("/account/", "/account/password/", "/account/sessions/", "/account/delete/"):
        html = client.get(path).content.decode()
        current += re.findall(r'href="([^"]+)"\s+aria-current="page"', html)

    assert current == ["/account/", "/account/password/", "/account/sessions/", "/account/delete/"]
