"""Security of password reset links."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page
from accounts.tests.passwords import open_reset_link, request_reset, reset_path


def test_url_of_form_does_not_contain_token(student):
    request_reset("sam@school.example")
    path = reset_path()

    _client, _response, form = open_reset_link(path)

    assert path.split("/")[-2] not in form


def test_reset_link_works_once(student):
    request_reset("sam@school.example")
    path = reset_path()
    client, _response, form = open_reset_link(path)
    client.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})

    for browser in (Client(), client):
        assert "This link is no longer valid" in Page(open_reset_link(path, browser)[1]).text()
    client.post(form, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)


def test_reset_link_works_for_one_hour(student, monkeypatch):
    created = datetime(2030, 1, 1, 12, 0)
    monkeypatch.setattr(default_token_generator, "_now", lambda: created)
    token = default_token_generator.make_token(student)

    monkeypatch.setattr(default_token_generator, "_now", lambda: created + timedelta(minutes=60))
    assert default_token_generator.check_token(student, token)
    monkeypatch.setattr(default_token_generator, "_now", lambda: created + timedelta(minutes=60, seconds=1))
    assert not default_token_generator.check_token(student, token)


def test_changed_email_address_invalidates_reset_link(student):
    request_reset("sam@school.example")
    student.email = "new@school.example"
    student.save()

    assert "This link is no longer valid" in Page(open_reset_link(reset_path())[1]).text()


def test_deactivated_user_cannot_use_reset_link(student):
    request_reset("sam@school.example")
    student.is_active = False
    student.save()
    client, _response, form = open_reset_link(reset_path())

    client.post(form, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    client.post("/login/", {"username": "sam", "password": NEW_PASSWORD})

    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "token", ["x", "set-password", "a-b", "1-" + "f" * 32, "%00", "%ff", "0" * 5000, "é", "-", "c1-%0d%0a"]
)
@pytest.mark.parametrize(
    "uid", ["own", "MQ", "!!", "%00", "%ff", "é", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "LTE", "x" * 5000]
)
def test_forged_reset_link_is_rejected(student, uid, token):
    uid = urlsafe_base64_encode(force_bytes(student.pk)) if uid == "own" else uid

    response = Client(raise_request_exception=False).get(f"/password-reset/{uid}/{token}/")

    assert response.status_code == 200
    assert "This link is no longer valid" in Page(response).text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "school.example"},
        {"Host": "school.example:6666"},
        {"Host": "www.school.example"},
        {"X-Forwarded-Host": "evil.example:6666", "X-Forwarded-Port": "6666", "Forwarded": "host=evil.example:6666"},
    ],
    ids=str,
)
@pytest.mark.parametrize("secure", [False, True])
def test_reset_link_has_the_address_of_the_site(student, settings, secure, headers):
    settings.ALLOWED_HOSTS = [".school.example"]
    settings.SITE_URL = "https://school.example:8443"

    headers = {"Host": "school.example"} | headers
    request_reset("sam@school.example", secure=secure, headers=headers)

    assert "\nhttps://school.example:8443/password-reset/" in mail.outbox[0].body
    assert ":6666" not in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


@pytest.mark.guarantee("redirects")
@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"},
        {"Host": "school.example@evil.example"},
        {"Host": "school.example:80:evil"},
        {"Host": "evil.example/school.example"},
        {"Host": "school.example evil"},
        {"Host": ""},
    ],
    ids=str,
)
def test_forged_host_is_rejected(student, settings, forged):
    settings.ALLOWED_HOSTS = ["school.example"]

    response = request_reset("sam@school.example", headers=forged)

    assert (response.status_code, mail.outbox) == (400, [])
