"""Passwords in different Unicode forms: keyboards send "ä" as one or as two characters."""

import unicodedata

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher
from django.core import mail
from django.test import Client

from accounts.admin.forms import PasswordChangeForm as AdminPasswordChangeForm
from accounts.models import Student, User
from accounts.tests.admin import USERS
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import error_codes, is_signed_in, registration_data, save_profile, sign_in
from accounts.tests.passwords import open_reset_link, request_reset, reset_path

FORMS = ["NFC", "NFD"]
TYPED = "sieben Vögel fällen Bäume"
OHM = "\N{OHM SIGN} ohm \N{OHM SIGN} resistor"  # neither normal form contains this character


def typed(form, text=TYPED):
    return unicodedata.normalize(form, text)


@pytest.fixture(autouse=True)
def real_hashers(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2idHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def encode(hasher, password):
    """Hash a password with a hasher of Django, which saves its parameters with the hash. Fewer passes save time."""
    if hasher is PBKDF2PasswordHasher:
        return hasher().encode(password, "salt" * 4, iterations=1000)
    fast = hasher()
    fast.time_cost, fast.memory_cost = 1, 1024
    return fast.encode(password, "salt" * 4)


def register(student, admin, password):
    data = registration_data(username="vogel", password1=password, password2=password)
    assert Client().post("/register/student/", data).status_code == 302
    return "vogel"


def change(student, admin, password):
    student.set_password(PASSWORD)
    student.save()
    client = Client()
    sign_in(client, "sam")
    data = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post("/account/password/", data).status_code == 302
    return "sam"


def reset(student, admin, password):
    request_reset("sam@school.example")
    client, _response, url = open_reset_link(reset_path())
    assert client.post(url, {"new_password1": password, "new_password2": password}).status_code == 302
    mail.outbox.clear()
    return "sam"


def add_in_admin(student, admin, password):
    client = Client()
    client.force_login(admin)
    data = {"username": "vogel", "email": "v@school.example", "role": "student", "usable_password": "true"}
    assert client.post(f"{USERS}add/", data | {"password1": password, "password2": password}).status_code == 302
    return "vogel"


def change_in_admin(student, admin, password):
    form = AdminPasswordChangeForm(student, {"password1": password, "password2": password, "usable_password": "true"})
    assert form.is_valid()
    form.save()
    return "sam"


def create_user(student, admin, password):
    return Student.objects.create_user("vogel", "v@school.example", password).username


def create_superuser(student, admin, password):
    return User.objects.create_superuser("vogel", "v@school.example", password).username


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "set_password", [register, change, reset, add_in_admin, change_in_admin, create_user, create_superuser]
)
def test_password_set_in_one_form_works_in_both(student, admin, set_password, form):
    username = set_password(student, admin, typed(form))

    for other_form in FORMS:
        client = Client()
        sign_in(client, username, typed(other_form))
        assert is_signed_in(client)


@pytest.mark.parametrize("form", FORMS)
def test_every_password_check_accepts_both_forms(client_for, student, form):
    student.set_password(typed("NFC"))
    student.save()
    client, password = client_for(student), typed(form)

    assert save_profile(client, student, email="new@school.example", current_password=password).status_code == 302
    data = {"old_password": password, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/account/password/", data).status_code == 302
    student.set_password(typed("NFC"))
    student.save()
    client = client_for(student)
    assert client.post("/account/delete/", {"password": password, "understood": "on"}).status_code == 302


@pytest.mark.parametrize("hasher", [Argon2PasswordHasher, PBKDF2PasswordHasher])
@pytest.mark.parametrize("stored", [typed("NFC"), typed("NFD"), typed("NFC")[:9] + typed("NFD")[10:], OHM])
def test_hash_from_before_still_works(client, student, hasher, stored):
    User.objects.filter(pk=student.pk).update(password=encode(hasher, stored))

    sign_in(client, "sam", stored)

    assert is_signed_in(client)


@pytest.mark.parametrize("typed_form", FORMS)
@pytest.mark.parametrize("stored_form", FORMS)
def test_hash_from_before_works_in_the_other_form(client, student, stored_form, typed_form):
    User.objects.filter(pk=student.pk).update(password=encode(Argon2PasswordHasher, typed(stored_form)))

    sign_in(client, "sam", typed(typed_form))

    assert is_signed_in(client)


@pytest.mark.parametrize("password", ["", "sieben Vogel fallen Baume", TYPED.upper(), TYPED + " ", "ä" * 3000])
def test_other_passwords_are_wrong(student, password):
    student.set_password(TYPED)

    assert not student.check_password(password)


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        (typed("NFD", "äöüßéèîôx"), ["password_too_short"]),
        (typed("NFD", "äöüßéèîôxy"), []),
        (typed("NFD", "äb!" * 43)[:-3], []),
        (typed("NFD", "ä" * 129), ["max_length"]),
    ],
)
def test_length_is_counted_in_normal_form_c(client, db, password, codes):
    response = client.post("/register/student/", registration_data(password1=password, password2=password))

    if codes:
        assert {code for field in error_codes(response).values() for code in field} == {*codes}
    else:
        assert response.status_code == 302


def test_repeated_password_may_have_the_other_form(client, db):
    response = client.post("/register/student/", registration_data(password1=typed("NFC"), password2=typed("NFD")))

    assert response.status_code == 302
