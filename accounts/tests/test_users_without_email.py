"""Users without an email address."""

import io
import json

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page, error_codes, is_signed_in, registration_data, save_profile, sign_in
from accounts.tests.passwords import request_reset


@pytest.fixture
def pupil(db):
    """A student whose account a class list created without an email address."""
    return StudentFactory(username="ida", first_name="Ida", email=None)


def test_several_users_can_have_no_address(pupil):
    other = User.objects.create_user("olga", "", PASSWORD)

    assert (other.email, User.objects.filter(email=None).count()) == (None, 2)


def test_database_rejects_an_empty_address(pupil):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=pupil.pk).update(email="")


def test_user_signs_in_by_username_only(client, pupil):
    for login in ("", "None", "@"):
        sign_in(client, login)
        assert not is_signed_in(client)

    sign_in(client, "ida")
    assert is_signed_in(client)


def test_sign_in_from_a_new_browser_sends_no_email(client, pupil):
    User.objects.filter(pk=pupil.pk).update(last_login=timezone.now())

    sign_in(client, "ida")

    assert (is_signed_in(client), mail.outbox) == (True, [])


@pytest.mark.parametrize("email", ["", " "])
def test_profile_without_an_address_is_saved(client_for, pupil, email):
    assert save_profile(client_for(pupil), pupil, email=email, location="House Elm").status_code == 302

    pupil.refresh_from_db()
    assert (pupil.email, pupil.location) == (None, "House Elm")


def test_user_adds_an_address_and_keeps_one(client_for, pupil):
    client, address = client_for(pupil), "ida@school.example"
    without_password = save_profile(client, pupil, email=address, current_password="")
    assert error_codes(without_password) == {"current_password": ["wrong_password"]}

    save_profile(client, pupil, email=address, current_password=PASSWORD)
    pupil.refresh_from_db()
    removed = save_profile(client, pupil, email="", current_password=PASSWORD)

    assert (pupil.email, error_codes(removed)) == (address, {"email": ["required"]})


@pytest.mark.parametrize("url", ["/register/student/", "/register/teacher/"])
def test_registration_requires_an_address(client, pupil, url):
    assert error_codes(client.post(url, registration_data(email=""))) == {"email": ["required"]}


@pytest.mark.parametrize("email", ["", "IDA@School.example"])
def test_administrator_edits_the_account(client_for, admin, pupil, email):
    data = {"username": "ida", "email": email, "first_name": "Ida", "location": "House Elm"}

    response = client_for(admin).post(f"/admin/accounts/student/{pupil.pk}/change/", data)

    assert response.status_code == 302
    pupil.refresh_from_db()
    assert (pupil.email, pupil.location) == (email.lower() or None, "House Elm")


def test_createsuperuser_requires_an_address(db, monkeypatch):
    monkeypatch.delenv("DJANGO_SUPERUSER_EMAIL", raising=False)
    for email in (None, "", " "):
        with pytest.raises(CommandError, match="email"):
            call_command("createsuperuser", interactive=False, username="head", email=email)

    assert not User.objects.exists()


def test_loaddata_stores_an_empty_address_as_null(db, tmp_path):
    names = {"ida": "", "kim": None, "olu": " OLU@School.example "}
    rows = [
        {"model": "accounts.user", "fields": {"username": name, "email": email, "updated_at": "2026-01-01T00:00:00Z"}}
        for name, email in names.items()
    ]
    fixture = tmp_path / "users.json"
    fixture.write_text(json.dumps(rows))

    call_command("loaddata", fixture, verbosity=0)

    stored = dict(User.objects.values_list("username", "email"))
    assert stored == {"ida": None, "kim": None, "olu": "olu@school.example"}


def test_pages_do_not_show_a_missing_address(client_for, pupil, teacher, admin):
    for user in (pupil, teacher, admin):
        client = client_for(user)
        for path in ("/users/ida/", "/users/ida/popover/", "/account/", "/students/"):
            assert "None" not in client.get(path).content.decode(), path
    assert "None" not in client_for(admin).get("/admin/accounts/user/").content.decode()


def test_home_page_of_an_administrator_shows_a_teacher_without_an_address(client_for, admin, pending_teacher):
    User.objects.filter(pk=pending_teacher.pk).update(email=None)

    assert "None" not in Page(client_for(admin).get("/home/administrator/")).text()


def test_export_contains_null(client_for, pupil):
    data = json.loads(client_for(pupil).post("/account/export/").content)

    assert data["account"]["email"] is None


def test_fixtures_of_users_without_an_address_can_be_loaded_again(pupil, tmp_path):
    dump = io.StringIO()
    call_command("dumpdata", "accounts.user", stdout=dump)
    (tmp_path / "users.json").write_text(dump.getvalue())

    call_command("loaddata", tmp_path / "users.json", verbosity=0)

    assert User.objects.get().email is None


def test_reset_page_says_who_can_help(client, pupil):
    assert "No email address? Ask your teacher." in Page(client.get("/password-reset/")).text()
    request_reset("ida@school.example")
    assert mail.outbox == []
