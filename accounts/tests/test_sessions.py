"""The list of sessions."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client

from accounts.devices import session_handle
from accounts.models import Session
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


def signed_in(person, agent=FIREFOX):
    client = Client()
    response = client.post(
        "/login/", {"username": person.username, "password": PASSWORD}, headers={"User-Agent": agent}
    )
    assert response.status_code == 302
    return client


def is_in(client):
    return client.get("/account/").status_code == 200


def test_the_list_shows_each_device_and_never_a_key(student, classmate):
    here, there = signed_in(student), signed_in(student, SAFARI)
    signed_in(classmate, "Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0")

    response = here.get("/account/sessions/")

    text = Page(response).text()
    assert ["Firefox on Windows" in text, "Safari on iPhone" in text, "Chromebook" in text] == [True, True, False]
    assert text.count("this device") == 1
    for key in Session.objects.values_list("pk", flat=True):
        assert key not in response.content.decode()
    assert here.session.session_key != there.session.session_key


def test_a_session_that_ran_out_is_not_listed(student):
    here, there = signed_in(student), signed_in(student, SAFARI)
    Session.objects.filter(pk=there.session.session_key).update(expire_date="2020-01-01T00:00:00Z")

    assert "Safari" not in Page(here.get("/account/sessions/")).text()


def test_one_session_can_be_ended(student):
    here, there, third = signed_in(student), signed_in(student, SAFARI), signed_in(student)

    response = here.post("/account/sessions/", {"session": session_handle(there.session.session_key)}, follow=True)

    assert "The device has been signed out." in Page(response).text()
    assert [is_in(here), is_in(there), is_in(third)] == [True, False, True]
    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["sessions"], "")


def test_all_other_sessions_can_be_ended(student, classmate):
    here, bystander = signed_in(student), signed_in(classmate)
    others = [signed_in(student, SAFARI), signed_in(student)]

    response = here.post("/account/sessions/", {"others": "1"}, follow=True)

    assert "You have been signed out on all other devices." in Page(response).text()
    assert [is_in(client) for client in (here, bystander, *others)] == [True, True, False, False]
    assert the_one_entry()[3] == ["sessions"]


def test_ending_this_very_session_goes_to_the_login_page(student):
    here, there = signed_in(student), signed_in(student, SAFARI)

    response = here.post("/account/sessions/", {"session": session_handle(here.session.session_key)}, follow=True)

    assert response.redirect_chain == [("/login/", 302)]
    assert "The device has been signed out." in Page(response).text()
    assert [is_in(here), is_in(there)] == [False, True]


@pytest.mark.parametrize("handle", ["another's", "key", "", "0" * 20, "\0", "é", "x" * 5000])
def test_what_is_no_handle_of_ones_own_ends_nothing(student, classmate, handle):
    here, there, another = signed_in(student), signed_in(student, SAFARI), signed_in(classmate)
    sent = {"another's": session_handle(another.session.session_key), "key": there.session.session_key}

    response = here.post("/account/sessions/", {"session": sent.get(handle, handle)}, follow=True)

    assert response.status_code == 200
    assert "The device has been signed out." not in Page(response).text()
    assert [is_in(here), is_in(there), is_in(another)] == [True, True, True]
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
def test_a_session_cookie_that_nobody_gave_out_is_a_visitors(db, cookie, address):
    client = Client()
    client.cookies["sessionid"] = cookie

    response = client.get(address)

    assert response.status_code == (302 if address == "/home/" else 200)
    assert not response.wsgi_request.user.is_authenticated


def test_a_session_whose_data_was_tampered_with_is_a_visitors(student):
    client = signed_in(student)
    Session.objects.filter(user=student).update(session_data="garbage:garbage:garbage")

    assert client.get("/account/").status_code == 302
