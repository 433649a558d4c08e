"""Cached cards of users show the current state."""

import re

import pytest
from django.core.cache import caches
from django.utils import timezone

from accounts.models import Role, User
from accounts.tests.factories import StudentFactory


@pytest.fixture(autouse=True)
def empty_cache():
    caches["template_fragments"].clear()


def update_user(user, field, value):
    """Change a user as a script would, without an operation."""
    User.objects.filter(pk=user.pk).update(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "sammy"),
        ("first_name", "A"),
        ("last_name", "B"),
        ("avatar", "avatars/a.webp"),
        ("location", "Hall"),
        ("description", "I like chess"),
        ("role", Role.ADMIN),
        ("is_active", False),
        ("is_staff", True),
        ("approved_at", timezone.now()),
        ("closed_at", timezone.now()),
    ],
)
def test_fragment_key_changes_with_each_displayed_field(student, field, value):
    before = User.objects.get(pk=student.pk).fragment_key
    update_user(student, field, value)

    assert User.objects.get(pk=student.pk).fragment_key != before


def test_fragment_keys_of_users_with_equal_names_differ(db):
    assert StudentFactory(first_name="A").fragment_key != StudentFactory(first_name="A").fragment_key


def find_row(client, user, path="/students/"):
    html = client.get(path).content.decode()
    rows = re.findall(r'<li class="list-group-item item">.*?</li>', html, re.DOTALL)
    return next((row for row in rows if f'href="{user.get_absolute_url()}"' in row), None)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("first_name", "Kimberley", "Kimberley"),
        ("last_name", "Adeyemi", "Adeyemi"),
        ("location", "Hall 5", "Hall 5"),
        ("avatar", "avatars/new.webp", "avatars/new.webp"),
    ],
)
def test_row_changes_with_the_user(client_for, student, classmate, field, value, shown):
    client = client_for(student)
    before = find_row(client, classmate)
    update_user(classmate, field, value)

    assert shown not in before
    assert shown in find_row(client, classmate)


def test_row_shows_a_new_username(client_for, student, classmate):
    client = client_for(student)
    find_row(client, classmate)
    update_user(classmate, "username", "kimmy")

    assert "@kimmy" in find_row(client, User.objects.get(pk=classmate.pk))


def test_row_shows_a_teacher_as_approved_after_approval(client_for, student, pending_teacher):
    client = client_for(student)
    before = find_row(client, pending_teacher, "/teachers/")
    update_user(pending_teacher, "approved_at", timezone.now())

    assert "teacher (awaiting approval)" in before
    assert "teacher (awaiting approval)" not in find_row(client, pending_teacher, "/teachers/")


def test_row_of_a_deactivated_user_has_no_link(client_for, admin, classmate):
    client = client_for(admin)
    before = find_row(client, classmate)
    update_user(classmate, "is_active", False)

    assert before
    assert find_row(client, classmate) is None
    assert "Kim Lund" in client.get("/students/").content.decode()


def test_row_of_a_closed_account_is_not_shown(client_for, student, classmate):
    client = client_for(student)
    before = find_row(client, classmate)
    User.objects.filter(pk=classmate.pk).update(is_active=False, closed_at=timezone.now())

    assert before
    assert "Kim Lund" not in client.get("/students/").content.decode()
