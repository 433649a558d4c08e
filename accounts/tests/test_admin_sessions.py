"""Sessions in the admin."""

import pytest

from accounts.audit import fields_of, reason_of
from accounts.devices import session_handle
from accounts.models import Session
from accounts.tests.admin import entries


def test_session_list_does_not_contain_keys(admin_client, student, client_for):
    key = client_for(student).session.session_key

    html = admin_client.get("/admin/accounts/session/").content.decode()

    assert "sam" in html
    assert session_handle(key) in html
    for session in Session.objects.all():
        assert session.pk not in html
        assert session.session_data not in html


@pytest.mark.parametrize("rest", ["change/", "delete/", "history/"])
def test_no_url_contains_session_key(admin_client, student, client_for, rest):
    key = client_for(student).session.session_key

    assert admin_client.get(f"/admin/accounts/session/{key}/{rest}").status_code == 404


def test_session_is_ended_by_handle(admin_client, admin, student, client_for):
    one, other = client_for(student), client_for(student)
    chosen = {"action": "end", "_selected_action": session_handle(one.session.session_key)}

    asked = admin_client.post("/admin/accounts/session/", chosen)
    done = admin_client.post("/admin/accounts/session/", chosen | {"confirmed": 1, "reason": "A lost phone"})

    assert asked.status_code == 200
    assert all(session.pk not in asked.content.decode() for session in Session.objects.all())
    assert done.status_code == 302
    assert one.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    entry = entries(student).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["sessions"], "A lost phone")


def test_key_or_invalid_handle_ends_no_session(admin_client, student, client_for):
    key = client_for(student).session.session_key

    for chosen in (key, "abc", "\0", ""):
        admin_client.post(
            "/admin/accounts/session/", {"action": "end", "_selected_action": chosen, "confirmed": 1, "reason": "x"}
        )

    assert Session.objects.filter(pk=key).exists()


def test_current_session_is_not_ended(admin_client, admin):
    key = admin_client.session.session_key

    admin_client.post(
        "/admin/accounts/session/",
        {"action": "end", "_selected_action": session_handle(key), "confirmed": 1, "reason": "x"},
    )

    assert Session.objects.filter(pk=key).exists()


def test_staff_cannot_end_session_of_administrator(client_for, secretary, admin):
    key = client_for(admin).session.session_key

    client_for(secretary).post(
        "/admin/accounts/session/",
        {"action": "end", "_selected_action": session_handle(key), "confirmed": 1, "reason": "x"},
    )

    assert Session.objects.filter(pk=key).exists()
