"""The list of sessions."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client

from accounts.devices import session_handle
from accounts.models import Session
from accounts.tests.helpers import Page, is_signed_in, only_log_entry
from accounts.tests.sessions import SAFARI, signed_in_client


def test_list_shows_devices_but_no_session_keys(student, classmate):
    current, other = signed_in_client(student), signed_in_client(student, SAFARI)
    signed_in_client(classmate, "Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0")

    response = current.get("/account/sessions/")

    text = Page(response).text()
    assert ["Firefox on Windows" in text, "Safari on iPhone" in text, "Chromebook" in text] == [True, True, False]
    assert text.count("this device") == 1
    for key in Session.objects.values_list("pk", flat=True):
        assert key not in response.content.decode()
    assert current.session.session_key != other.session.session_key


def test_expired_session_is_not_listed(student):
    current, other = signed_in_client(student), signed_in_client(student, SAFARI)
    Session.objects.filter(pk=other.session.session_key).update(expire_date="2020-01-01T00:00:00Z")

    assert "Safari" not in Page(current.get("/account/sessions/")).text()


def test_one_session_can_be_ended(student):
    current, other, third = signed_in_client(student), signed_in_client(student, SAFARI), signed_in_client(student)

    response = current.post("/account/sessions/", {"session": session_handle(other.session.session_key)}, follow=True)

    assert "The device has been signed out." in Page(response).text()
    assert [is_signed_in(current), is_signed_in(other), is_signed_in(third)] == [True, False, True]
    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["sessions"], "")


def test_all_other_sessions_can_be_ended(student, classmate):
    current, classmate_client = signed_in_client(student), signed_in_client(classmate)
    others = [signed_in_client(student, SAFARI), signed_in_client(student)]

    response = current.post("/account/sessions/", {"others": "1"}, follow=True)

    assert "You have been signed out on all other devices." in Page(response).text()
    assert [is_signed_in(client) for client in (current, classmate_client, *others)] == [True, True, False, False]
    assert only_log_entry()[3] == ["sessions"]


def test_ending_current_session_redirects_to_login_page(student):
    current, other = signed_in_client(student), signed_in_client(student, SAFARI)

    response = current.post("/account/sessions/", {"session": session_handle(current.session.session_key)}, follow=True)

    assert response.redirect_chain == [("/login/", 302)]
    assert "The device has been signed out." in Page(response).text()
    assert [is_signed_in(current), is_signed_in(other)] == [False, True]


@pytest.mark.parametrize("handle", ["of classmate", "key", "", "0" * 20, "\0", "é", "x" * 5000])
def test_unknown_session_handle_is_ignored(student, classmate, handle):
    current, other, classmate_client = (
        signed_in_client(student),
        signed_in_client(student, SAFARI),
        signed_in_client(classmate),
    )
    handles = {
        "of classmate": session_handle(classmate_client.session.session_key),
        "key": other.session.session_key,
    }

    response = current.post("/account/sessions/", {"session": handles.get(handle, handle)}, follow=True)

    assert response.status_code == 200
    assert "The device has been signed out." not in Page(response).text()
    assert [is_signed_in(current), is_signed_in(other), is_signed_in(classmate_client)] == [True, True, True]
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "\0",
        "abc\0def12",
        '"abc\\000def12"',
        "x" * 5000,
        "../../etc/passwd",
        "é" * 20,
        "a" * 32,
        "'; DROP TABLE--",
        "A" * 32,
    ],
    ids=ascii,
)
@pytest.mark.parametrize("address", ["/", "/home/", "/login/"])
def test_unknown_session_cookie_is_ignored(db, cookie, address):
    # A raw header, as WSGI servers decode it: patched versions of `http.cookies` reject control characters.
    header = f"sessionid={cookie}".encode().decode("latin-1")

    response = Client().get(address, headers={"cookie": header})

    assert response.status_code == (302 if address == "/home/" else 200)
    assert not response.wsgi_request.user.is_authenticated


def test_session_with_invalid_data_is_ignored(student):
    client = signed_in_client(student)
    Session.objects.filter(user=student).update(session_data="garbage:garbage:garbage")

    assert client.get("/account/").status_code == 302
