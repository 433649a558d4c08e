"""Becoming one of the school's people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.admin.models import ADDITION
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Role, Student, Teacher, User
from accounts.tests.factories import PASSWORD, StudentFactory, TeacherFactory
from accounts.tests.helpers import Page, filled, the_one_entry

STUDENT, TEACHER = "/register/student/", "/register/teacher/"
BOTH = pytest.mark.parametrize("address", [STUDENT, TEACHER])


def errors_of(response):
    """Return {field: codes} of a refused form."""
    assert response.status_code == 200
    return {
        name: [error["code"] for error in of] for name, of in response.context["form"].errors.get_json_data().items()
    }


@pytest.mark.parametrize(
    ("address", "model", "sentence", "login"),
    [
        (STUDENT, Student, "Congratulations, you are now a registered student!", "/login/student/?username=robin"),
        (TEACHER, Teacher, "Congratulations, you are now a registered teacher!", "/login/teacher/?username=robin"),
    ],
)
def test_registering_congratulates_and_leads_to_the_login_page_with_the_name_filled_in(
    client, db, address, model, sentence, login
):
    response = client.post(address, filled(), follow=True)

    person = model.objects.get(username="robin")
    assert response.redirect_chain == [(login, 302)]
    page = Page(response)
    assert [page.text(box) for box in page.by_class("alert")] == [sentence]
    assert page.value("username") == "robin"
    assert person.check_password(PASSWORD)
    assert (person.email, person.location) == ("robin@school.example", "House Elm")
    assert (person.description, person.approved_at) == ("Chess, bees and long walks.", None)
    assert the_one_entry() == (person.pk, str(person.pk), ADDITION, [], "")
    assert not response.wsgi_request.user.is_authenticated


@BOTH
def test_location_and_description_may_be_left_out(client, db, address):
    response = client.post(address, filled(location=None, description=None))

    assert response.status_code == 302
    assert User.objects.values_list("location", "description").get() == ("", "")


@BOTH
def test_what_was_typed_stays_after_an_error_and_passwords_are_never_sent_back(client, db, address):
    typed = filled(username="no spaces", email="Robin@School", description="Line one,\r\nline <two>.")

    response = client.post(address, typed)

    page = Page(response)
    assert [page.value(name) for name in ("username", "email", "location")] == [
        "no spaces",
        "Robin@School",
        "House Elm",
    ]
    assert page.value("description").replace("\r\n", "\n") == "Line one,\nline <two>."
    assert PASSWORD not in response.content.decode()
    assert not User.objects.exists()


def test_a_typed_invitation_code_stays_after_an_error(client, db):
    response = client.post(TEACHER, filled(username="x", invitation="ABCD-EFGH"))

    assert Page(response).value("invitation") == "ABCD-EFGH"


@BOTH
def test_errors_are_summed_up_at_the_top_and_stand_beside_their_fields(client, db, address):
    wrong = {"username": "x", "email": "nowhere", "password1": "short", "password2": "short", "location": "ab"}

    page = Page(client.post(address, wrong))

    summary, leads_to = page.error_summary()
    assert leads_to == ["id_username", "id_email", "id_password2", "id_location"]
    for id_ in leads_to:
        error = page.error_beside(id_.removeprefix("id_"))
        assert error
        assert error in summary
    assert page.error_beside("description") == ""


@BOTH
def test_an_empty_form_says_what_is_missing(client, db, address):
    # A browser always sends the token and the button.
    assert errors_of(client.post(address, {"submit": "Register"})) == {
        name: ["required"] for name in ("username", "email", "password1", "password2")
    }


RULES = [
    ("username", "abc", []),
    ("username", "a.b-c_d", []),
    ("username", "9lives", []),
    ("username", "a" * 20, []),
    ("username", "a" * 21, ["max_length"]),
    ("username", "ab", ["invalid_username"]),
    ("username", ".abc", ["invalid_username"]),
    ("username", "-abc", ["invalid_username"]),
    ("username", "_abc", ["invalid_username"]),
    ("username", "a b c", ["invalid_username"]),
    ("username", "a@b", ["invalid_username"]),
    ("username", "zoë", ["invalid_username"]),
    ("username", "аnna", ["invalid_username"]),  # the first letter is Cyrillic
    ("username", "abc\ndef", ["invalid_username"]),
    ("username", "a/../b", ["invalid_username"]),
    ("username", "<b>bo</b>", ["invalid_username"]),
    ("username", "admin", ["reserved_username"]),
    ("username", "ADMIN", ["reserved_username"]),
    ("username", "Static", ["reserved_username"]),
    ("username", "former-7", ["reserved_username"]),
    ("username", "sam", ["unique"]),
    ("username", "SAM", ["unique"]),
    ("username", "ms.hale", ["unique"]),
    ("username", "MS.hale", ["unique"]),
    ("email", "robin.b+x@school.example", []),
    ("email", " ROBIN@School.Example ", []),
    ("email", "robin", ["invalid"]),
    ("email", "röbin@school.example", ["invalid"]),
    ("email", "robin@schöl.example", ["non_ascii_email"]),
    ("email", "sam@school.example", ["unique"]),
    ("email", "SAM@School.EXAMPLE", ["unique"]),
    ("email", "ms.hale@school.example", ["unique"]),
    ("email", "MS.Hale@school.example", ["unique"]),
    ("email", "a" * 255 + "@school.example", ["max_length"]),
    ("password", "zq8 Pl-vx", ["password_too_short"]),
    ("password", "zq8 Pl-vxw", []),
    ("password", "zq8 Plvx" * 16, []),  # 128 characters
    ("password", "zq8 Plvx" * 16 + "y", ["max_length"]),
    ("password", "пароль из слов", []),
    ("password", "  zq8 Plvx  ", []),
    ("password", "password123", ["password_too_common"]),
    ("password", "1234567890", ["password_too_common"]),  # ... and no rule about digits
    ("password", "7319046628", []),
    ("password", "Robin@School", ["password_too_similar"]),
    ("password", "robin@school.example", ["password_too_similar"]),
    ("location", "abc", []),
    ("location", "ab", ["min_length"]),
    ("location", "a" * 40, []),
    ("location", "a" * 41, ["max_length"]),
    ("location", "  a  b  ", []),  # "a b"
    ("location", "  ab  ", ["min_length"]),
    ("location", "\u200b\u200b\u200b", []),  # nothing to see: left out
    ("description", "a" * 10, []),
    ("description", "a" * 9, ["min_length"]),
    ("description", "a" * 200, []),
    ("description", "a" * 201, ["max_length"]),
    ("description", "a" * 100 + "\r\n" + "a" * 99, []),
    ("description", "a" * 100 + "\r\n" + "a" * 100, ["max_length"]),
    ("description", "aaaa\r\nbbbbb", []),
    ("description", "aaaa\r\nbbbb", ["min_length"]),
]


@BOTH
@pytest.mark.parametrize(
    ("field", "value", "codes"), RULES, ids=[f"{field} {value[:24]!a} {len(value)}" for field, value, _codes in RULES]
)
def test_every_rule_of_the_form(client, student, teacher, address, field, value, codes):
    names = ("password1", "password2") if field == "password" else (field,)

    response = client.post(address, filled(**dict.fromkeys(names, value)))

    if codes:
        found = errors_of(response)
        assert set(found) <= set(names)
        assert sorted({code for of in found.values() for code in of}) == sorted(codes)
        assert Page(response).error_beside(names[-1])
    else:
        assert response.status_code == 302
    assert User.objects.filter(username_key="robin").exists() == (not codes and field != "username")


def test_a_password_like_the_username_is_refused(client, db):
    like = "Robin-of-Elm"

    response = client.post(STUDENT, filled(username="robin.of.elm", password1=like, password2=like))

    assert errors_of(response) == {"password2": ["password_too_similar"]}


@BOTH
def test_registering_leaves_no_warning_in_the_log(client, db, caplog, address):
    client.post(address, filled())

    assert not [record for record in caplog.records if record.levelname not in ("DEBUG", "INFO")]


@BOTH
def test_two_passwords_that_differ_are_refused(client, db, address):
    response = client.post(address, filled(password2=PASSWORD.upper()))

    assert errors_of(response) == {"password2": ["password_mismatch"]}
    assert "The two passwords are not the same." in Page(response).error_beside("password2")


# What a registration gives, and what no field that is sent may change.
OWN = {"username", "email", "password", "location", "description"}
NO_ID = 2**62  # that no numbering comes to
SENT = {
    "role": ["admin", "teacher"],
    "is_staff": ["on", "1", "true"],
    "is_superuser": ["on"],
    "is_active": ["", "0", "false"],
    "approved_at": ["2020-01-01 00:00", "2020-01-01T00:00:00Z"],
    "closed_at": ["2020-01-01 00:00"],
    "id": [str(NO_ID)],
    "avatar": ["avatars/another.webp"],
    "username_key": ["head"],
}


@BOTH
@pytest.mark.parametrize(
    "name", sorted({field.name for field in User._meta.get_fields()} - OWN - {"groups", "user_permissions"})
)
def test_nobody_gives_themselves_anything_by_sending_fields(client, db, address, name):
    for number, value in enumerate(SENT.get(name, ["1", "on", "2020-01-01 00:00"])):
        sent = filled(username=f"robin{number}", email=f"robin{number}@school.example") | {name: value}

        response = client.post(f"{address}?{name}={value}", sent)

        assert response.status_code == 302
        person = User.objects.get(username=f"robin{number}")
        assert person.role == (Role.STUDENT if address == STUDENT else Role.TEACHER)
        assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)
        assert (person.approved_at, person.closed_at, person.last_login) == (None, None, None)
        assert (person.first_name, person.last_name, person.avatar.name) == ("", "", "")
        assert (person.pk != NO_ID, person.username_key) == (True, f"robin{number}")
        assert timezone.now() - person.date_joined < timedelta(minutes=1)
        assert timezone.now() - person.updated_at < timedelta(minutes=1)


@BOTH
@pytest.mark.parametrize("name", ["groups", "user_permissions"])
def test_nobody_gives_themselves_rights_by_sending_fields(client, db, address, name):
    client.post(address, filled() | {name: ["1", "2", "3"]})

    assert not getattr(User.objects.get(), name).exists()


def test_an_invitation_is_nothing_to_a_student(client, db):
    invitation = Invitation.objects.create()

    client.post(STUDENT, filled(invitation=invitation.code))

    invitation.refresh_from_db()
    assert (User.objects.get().approved_at, invitation.uses) == (None, 0)


@pytest.mark.parametrize("write", [str, str.lower, lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} "])
def test_an_invitation_approves_a_teacher_at_once_however_it_is_typed(client, db, write):
    invitation = Invitation.objects.create(max_uses=2)

    response = client.post(TEACHER, filled(invitation=write(invitation.code)))

    person = User.objects.get()
    invitation.refresh_from_db()
    assert response.status_code == 302
    assert person.is_teacher
    assert invitation.uses == 1
    assert the_one_entry() == (person.pk, str(person.pk), ADDITION, [], "invitation")


@pytest.mark.parametrize(
    "made",
    [
        {"max_uses": 1, "uses": 1},
        {"max_uses": 0},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"code": "SOMEOTHER222"},
    ],
    ids=["used up", "for nobody", "expired", "wrong"],
)
def test_an_invitation_that_admits_nobody_is_refused_beside_its_field(client, db, made):
    invitation = Invitation.objects.create(**{"code": "ABCDEFGH2345"} | made)

    response = client.post(TEACHER, filled(invitation="abcd-efgh-2345"))

    assert errors_of(response) == {"invitation": ["invitation"]}
    page = Page(response)
    assert "not valid, or used up" in page.error_beside("invitation")
    assert page.value("username") == "robin"
    assert not User.objects.exists()
    uses = invitation.uses
    invitation.refresh_from_db()
    assert invitation.uses == uses


def test_a_refused_registration_does_not_use_up_the_invitation(client, student):
    invitation = Invitation.objects.create()

    client.post(TEACHER, filled(username="SAM", invitation=invitation.code))

    invitation.refresh_from_db()
    assert invitation.uses == 0


@pytest.mark.parametrize("address", ["/", "/register/", STUDENT, TEACHER])
def test_somebody_who_is_signed_in_goes_home_instead(client_for, student, address):
    assert client_for(student).get(address).headers["Location"] == "/home/"


def test_somebody_who_is_signed_in_registers_nobody(client_for, student):
    client_for(student).post(STUDENT, filled())

    assert User.objects.count() == 1


def send_at_once(address, forms):
    """Send registrations from as many threads at the same moment; return the responses."""
    start = Barrier(len(forms))

    def send(form):
        client = Client(raise_request_exception=False)
        start.wait(timeout=30)
        try:
            return client.post(address, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", ["name", "address"])
def test_of_fifty_registrations_at_once_one_makes_an_account(same):
    spellings = ("robin", "ROBIN", "Robin", "rObin", "robiN")
    if same == "name":
        forms = [filled(username=spellings[n % 5], email=f"robin{n}@school.example") for n in range(50)]
    else:
        forms = [filled(username=f"robin{n}", email=f"{spellings[n % 5]}@school.example") for n in range(50)]

    responses = send_at_once(STUDENT, forms)

    assert sorted(response.status_code for response in responses) == [200] * 49 + [302]
    field = "username" if same == "name" else "email"
    assert [errors_of(response) for response in responses if response.status_code == 200] == [{field: ["unique"]}] * 49
    assert User.objects.count() == 1
    assert the_one_entry()[2] == ADDITION


@pytest.mark.django_db(transaction=True)
def test_the_last_use_of_an_invitation_admits_one_of_many_who_come_at_once():
    invitation = Invitation.objects.create(max_uses=1)
    forms = [
        filled(username=f"robin{n}", email=f"robin{n}@school.example", invitation=invitation.code) for n in range(10)
    ]

    responses = send_at_once(TEACHER, forms)

    assert sorted(response.status_code for response in responses) == [200] * 9 + [302]
    invitation.refresh_from_db()
    assert (invitation.uses, User.objects.count()) == (1, 1)
    assert User.objects.get().is_teacher


@pytest.mark.parametrize(
    ("made", "field"), [({"username": "ROBIN"}, "username"), ({"email": "robin@school.example"}, "email")]
)
@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_somebody_faster_leaves_a_form_error_beside_the_field(client, db, monkeypatch, factory, made, field):
    """The check finds the name free; it is taken before the row is written."""
    from accounts import actions

    register = actions.register

    def after_somebody_else(user, code):
        factory(**{"username": "faster", "email": "faster@school.example"} | made)
        return register(user, code)

    monkeypatch.setattr(actions, "register", after_somebody_else)

    response = client.post(STUDENT, filled())

    assert errors_of(response) == {field: ["unique"]}
    assert Page(response).error_beside(field)
