"""The list of users in the admin."""

import pytest

from accounts import actions
from accounts.models import Student
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
