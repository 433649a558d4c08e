"""Bad input in the admin."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Role, User
from accounts.tests.admin import USERS, change_url, entries, messages_of

BAD_QUERIES = [
    "q=%00", "p=99999999999999999999", "p=-1", "p=abc", "p=" + "9" * 5000, "o=99.-99.x", "o=" + "9" * 5000, "all=1",
    "id__exact=abc", "id__exact=" + "9" * 30, "id__exact=" + "9" * 5000, "date_joined__year=abc",
    "date_joined__year=0", "date_joined__year=99999", "date_joined__year=2025&date_joined__month=13",
    "date_joined__year=9999", "date_joined__month=5", "is_active__exact=maybe", "nothing=1", "role__exact=%F0%9F%90%B8",
    "q=%ED%A0%80", "q=" + "a+" * 500, "_to_field=id", "_to_field=password", "_popup=1", "e=1", "_facets=True",
]  # fmt: skip


@pytest.mark.parametrize("address", [USERS, "/admin/admin/logentry/", "/admin/autocomplete/"])
def test_nul_in_query_string_returns_400(admin_client, address):
    for query in ("q=%00", "by=a%00", "term=%00", "%00=a"):
        assert admin_client.get(f"{address}?{query}").status_code == 400


@pytest.mark.parametrize("query", BAD_QUERIES, ids=lambda query: query[:40])
def test_bad_query_string_does_not_break_user_list(admin_client, student, query):
    response = admin_client.get(f"{USERS}?{query}")

    assert response.status_code in (200, 302, 400)


@pytest.mark.parametrize("name", ["session_key__startswith=a", "user__id__exact=%00", "user=abc", "person=%00"])
def test_bad_query_string_does_not_break_sessions_or_audit_log(admin_client, name):
    for address in ("/admin/accounts/session/", "/admin/admin/logentry/"):
        assert admin_client.get(f"{address}?{name}").status_code in (200, 302, 400)


@pytest.mark.parametrize("number", ["abc", "0", "-1", "9" * 30, "9" * 5000, "_00", "1_2F_2E"])
def test_bad_id_in_url_does_not_break_user_page(admin_client, number):
    for rest in ("change/", "history/", "password/", "delete/"):
        assert admin_client.get(f"{USERS}{number}/{rest}").status_code in (302, 403, 404)


def test_invalid_change_form_shows_errors_and_saves_nothing(admin_client, student):
    garbage = {
        "username": "a\0b",
        "email": "nobody",
        "first_name": "x" * 151,
        "location": "x",
        "description": "short",
        "role": "admin",
        "is_superuser": "on",
    }

    response = admin_client.post(change_url(student), garbage)

    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert {"email", "first_name", "location", "description"} <= {*errors}
    student.refresh_from_db()
    assert (student.username, student.role, student.is_superuser) == ("sam", Role.STUDENT, False)
    assert not entries(student).exists()


def test_invalid_add_form_creates_no_user(admin_client):
    response = admin_client.post(
        USERS + "add/",
        {"username": "🐸 frog\0", "email": "ü@x.de", "role": "king", "password1": "a"},
    )

    assert response.status_code == 200
    assert {"username", "email", "role"} <= {*response.context["adminform"].form.errors}
    assert User.objects.count() == 1


@pytest.mark.parametrize("chosen", ["abc", "", "9" * 30, "-1", "1 OR 1=1", "\0", "²"])
def test_invalid_selection_changes_nothing(admin_client, student, chosen):
    response = admin_client.post(USERS, {"action": "approve", "_selected_action": chosen}, follow=True)

    assert response.status_code == 200
    assert "The selection is not valid. Nothing has been changed." in messages_of(response)


@pytest.mark.parametrize("action", ["", "no_such_action", "delete_selected"])
def test_unknown_action_changes_nothing(admin_client, student, action):
    admin_client.post(USERS, {"action": action, "_selected_action": student.pk, "post": "yes"})

    assert User.objects.filter(pk=student.pk).exists()
    assert not LogEntry.objects.exists()
