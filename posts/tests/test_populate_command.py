"""The options and the output of populate."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError
from django.db import connection
from django.urls import reverse

from accounts.models import Role, Student, Teacher, User
from posts.demo.school import PASSWORD
from posts.models import Post
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def test_numbers_of_users_and_posts():
    populate(students=12, teachers=4, posts=250)

    assert Student.objects.count() == 12
    assert Teacher.objects.count() == 4
    assert User.objects.filter(role=Role.ADMIN, is_staff=True, is_superuser=True).count() == 1
    assert Post.objects.count() == 250


@pytest.mark.parametrize("posts", [0, 1, 2, 39, 40, 41])
def test_small_numbers_of_posts_are_exact(posts):
    populate(students=2, teachers=1, posts=posts)

    assert Post.objects.count() == posts


@pytest.mark.parametrize(
    "options",
    [
        {"students": -1},
        {"teachers": -3},
        {"posts": -1},
        {"seed": -1},
        {"students": 10**9},
        {"posts": 10**30},
        {"teachers": 0},
        {"students": 0},
        {"until": "yesterday"},
        {"until": "2026-13-45"},
        {"until": "0001-01-01"},
        {"until": "9999-12-31"},
        {"until": ""},
        {"add": True, "if_empty": True},
    ],
)
def test_invalid_options_are_rejected_with_one_line(options):
    with pytest.raises(CommandError) as caught:
        populate(**options)

    assert len(str(caught.value).splitlines()) == 1
    assert not User.objects.exists()


def test_printed_sign_ins_work(client):
    output = populate()

    roles = dict(re.findall(r"^ +(\S+) +(\w+.*)$", output, re.MULTILINE))
    assert roles == {
        "sam": "student",
        "ms.hale": "teacher",
        "mr.new": "teacher (awaiting approval)",
        "dr.head": "administrator",
    }
    assert PASSWORD in output
    for username in roles:
        assert client.login(username=username, password=PASSWORD)
    assert User.objects.get(username="mr.new").is_pending
    assert User.objects.get(username="ms.hale").is_teacher
    assert User.objects.get(username="dr.head").is_administrator


@pytest.mark.parametrize("username", ["sam", "ms.hale", "mr.new", "dr.head"])
def test_password_passes_validation(username):
    populate(posts=0)

    validate_password(PASSWORD, User.objects.get(username=username))


def test_student_can_open_the_common_room(client_for):
    populate()

    response = client_for(User.objects.get(username="sam")).get(reverse("room", args=["common"]))

    assert response.status_code == 200


def test_output_shows_progress_in_ten_lines(monkeypatch):
    monkeypatch.setattr("posts.demo.school.BATCH_SIZE", 10)

    output = populate(posts=400)

    lines = [line for line in output.splitlines() if line.startswith("Posts: ")]
    assert lines == [f"Posts: {done} of 400" for done in range(40, 401, 40)]


def test_verbosity_zero_prints_nothing():
    assert populate(verbosity=0) == ""


def test_number_of_queries_depends_on_batches(django_assert_max_num_queries):
    # SQLite accepts 999 values per statement, so its batches are smaller than on other databases.
    maximum = 120 if connection.vendor == "sqlite" else 60

    with django_assert_max_num_queries(maximum):
        populate(students=20, teachers=2, posts=1000)
