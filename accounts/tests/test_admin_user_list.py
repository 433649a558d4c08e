"""The list of users in the admin."""

import pytest

from accounts import actions
from accounts.models import Student, User
from accounts.tests.admin import USERS, change_url
from accounts.tests.factories import StudentFactory


def test_search_finds_users_by_name_and_email(admin_client, student):
    StudentFactory(username="zoe", first_name="Ζωή", email="zoe@other.example")

    by_name = admin_client.get(USERS, {"q": "ζωή"}).content.decode()
    by_email = admin_client.get(USERS, {"q": "zoe@other"}).content.decode()

    for html in (by_name, by_email):
        assert "zoe@other.example" in html
        assert student.email not in html


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", {"mr.new"}),
        ("deactivated", {"gone"}),
        ("closed", {"former"}),
        ("active", {"sam", "mr.new", "head"}),
        ("nonsense", {"sam", "mr.new", "head", "gone", "former"}),
    ],
)
def test_users_are_filtered_by_state(admin_client, admin, student, pending_teacher, deactivated, state, expected):
    actions.close_account(StudentFactory(username="leaver"), admin)

    found = admin_client.get(USERS, {"state": state}).context["cl"].result_list

    assert {person.username.split("-")[0] for person in found} == expected


def test_list_of_role_shows_only_that_role(admin_client, student, teacher):
    found = admin_client.get("/admin/accounts/student/").context["cl"].result_list

    assert list(found) == [Student.objects.get(pk=student.pk)]
    assert admin_client.get(change_url(teacher, "student")).status_code == 302


def test_autocomplete_does_not_show_email(admin_client, student, teacher):
    address = "/admin/autocomplete/?term=hale&app_label=posts&model_name=room&field_name=owner"

    response = admin_client.get(address)

    assert [found["text"] for found in response.json()["results"]] == ["ms.hale"]
    assert "@" not in response.content.decode()


def test_date_hierarchy_filters_by_day(admin_client, student):
    joined = student.date_joined

    years = admin_client.get("/admin/accounts/user/")
    day = admin_client.get(
        USERS,
        {"date_joined__year": joined.year, "date_joined__month": joined.month, "date_joined__day": joined.day},
    )

    assert f"date_joined__day={joined.day}" in years.content.decode()
    assert student in day.context["cl"].result_list


def test_date_hierarchy_lists_years_and_months(admin_client, student, teacher):
    User.objects.filter(pk=student.pk).update(date_joined="2023-11-05T12:00:00Z")
    User.objects.filter(pk=teacher.pk).update(date_joined="2024-02-07T12:00:00Z")

    years = admin_client.get(USERS, {"username__in": "sam,ms.hale"}).content.decode()
    months = admin_client.get(USERS, {"username__in": "sam", "date_joined__year": "2023"}).content.decode()

    assert "date_joined__year=2023" in years
    assert "date_joined__year=2024" in years
    assert "date_joined__month=11" in months
    assert "date_joined__month=12" not in months


@pytest.mark.parametrize("query", ["", "?date_joined__year=2023", "?date_joined__year=2023&date_joined__month=11"])
def test_date_hierarchy_does_not_truncate_every_date(admin_client, student, query, django_assert_max_num_queries):
    User.objects.filter(pk=student.pk).update(date_joined="2023-11-05T12:00:00Z")

    with django_assert_max_num_queries(10) as queries:
        admin_client.get(USERS + query)

    assert not any("trunc" in captured["sql"].lower() for captured in queries)
