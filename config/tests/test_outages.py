"""Requests during an outage of the database or the disk."""

import errno
import logging
import sqlite3
from contextlib import closing

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from django.test import Client

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, registration_data, save_profile, sign_in
from accounts.tests.pictures import picture, upload
from config.outages import is_outage
from config.tests.outages import read_only_database, retry_form
from posts.models import Post

FETCH = {"X-Requested-With": "fetch"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(student):
    client = Client(raise_request_exception=False)
    client.force_login(student)
    return client


@pytest.mark.guarantee("faults")
@pytest.mark.guarantee("typed-text")
def test_text_is_preserved_and_the_button_sends_it_once(client, common_room):
    with read_only_database():
        response = client.post("/rooms/common/", {"body": "<b>Hello</b>", "token": "1" * 32})

    page = Page(response)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "The site isn't available right now" in page.text()
    assert "<b>Hello</b>" in page.text()
    url, fields = retry_form(response)
    for _click in range(2):
        assert client.post(url, dict(fields)).status_code == 302
    assert Post.objects.get().body == "<b>Hello</b>"


def test_scripts_get_a_fragment(client, common_room):
    with read_only_database():
        response = client.post("/rooms/common/", {"body": "Hello"}, headers=FETCH)

    assert response.status_code == 503
    assert "The site isn&#x27;t available right now" in response.content.decode()
    assert b"<html" not in response.content


def test_user_stays_signed_in(client):
    with read_only_database():
        response = client.post("/rooms/common/", {"body": "Hello"})

    assert "sessionid" not in response.cookies
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("fields", [{}, {"shared_device": "on"}])
def test_user_stays_signed_in_if_the_session_cannot_be_saved(student, fields):
    client = Client(raise_request_exception=False)
    sign_in(client, "sam", **fields)
    save_profile(client, student, location="Class 9B")
    with read_only_database():
        response = client.get("/account/")

    assert response.status_code == 503
    assert "sessionid" not in response.cookies
    assert "Profile saved" in Page(client.get("/account/")).text()


def test_page_contains_no_passwords(client, student):
    visitor = Client(raise_request_exception=False)
    with read_only_database():
        response = visitor.post("/register/student/", registration_data(username="robin"))

    url, fields = retry_form(response)
    assert PASSWORD not in response.content.decode()
    assert dict(fields)["username"] == "robin"
    again = visitor.post(url, dict(fields))
    assert again.context["form"]["username"].value() == "robin"
    assert set(again.context["form"].errors) == {"password1", "password2"}


def test_page_advises_to_sign_in_only_after_a_registration(student):
    visitor = Client(raise_request_exception=False)
    with read_only_database():
        registration = visitor.post("/register/student/", registration_data())
        sign_in_page = sign_in(visitor, "sam")

    assert "first try to sign in" in Page(registration).text()
    assert sign_in_page.status_code == 503
    assert "first try to sign in" not in Page(sign_in_page).text()


def test_sign_in_form_preserves_the_username(student):
    visitor = Client(raise_request_exception=False)
    with read_only_database():
        response = visitor.post("/login/", {"username": "sam", "password": PASSWORD})

    url, fields = retry_form(response)
    again = visitor.post(url, dict(fields))
    assert again.context["form"]["username"].value() == "sam"
    assert set(again.context["form"].errors) == {"password"}


@pytest.mark.parametrize("token", ["", "a" * 64])
def test_form_of_another_site_cannot_be_sent_again(student, token):
    attacked = Client(raise_request_exception=False, enforce_csrf_checks=True)
    attacked.force_login(student)
    attacked.get("/rooms/common/")
    with read_only_database():
        response = attacked.post("/rooms/common/", {"body": "spam", "csrfmiddlewaretoken": token})

    assert response.status_code == 403
    assert Page(response).by_id("retry") is None


def test_full_disk_returns_the_page_without_the_file(client, student, monkeypatch):
    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)

    response = save_profile(client, student, location="Class 9B", avatar=upload(picture()))

    assert response.status_code == 503
    assert "Your file can't be sent again from this page." in Page(response).text()
    assert dict(retry_form(response)[1])["location"] == "Class 9B"


def test_errors_in_the_site_are_not_outages():
    def error_of(statement):
        with connection.cursor() as cursor, pytest.raises(DatabaseError) as caught:
            cursor.execute(statement)
        return caught.value

    assert not is_outage(error_of("SELECT 1 FROM no_such_table"))
    assert not is_outage(error_of("SELEC 1"))
    assert not is_outage(IntegrityError("secret"))
    assert not is_outage(DatabaseError("Save with update_fields did not affect any rows."))
    assert not is_outage(FileNotFoundError(errno.ENOENT, "missing"))


def test_damaged_sqlite_database_is_an_outage(tmp_path):
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(b"x" * 4096)
    error = OperationalError()
    with closing(sqlite3.connect(path)) as damaged, pytest.raises(sqlite3.DatabaseError) as caught:
        damaged.execute("SELECT 1 FROM x")
    error.__cause__ = caught.value

    assert is_outage(error)


def test_outage_is_logged_in_one_line_with_its_reason(client, caplog):
    with read_only_database():
        client.post("/rooms/common/", {"body": "Hello"})

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "Service Unavailable" in record.getMessage()
    assert "Error: " in record.getMessage()
    assert record.exc_info is None
