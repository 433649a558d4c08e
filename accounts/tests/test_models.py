"""People: what the proxies promise, and what the database itself refuses."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import Role, Student, Teacher, User
from accounts.tests.factories import PASSWORD, StudentFactory, TeacherFactory, UserFactory

PROXIES = [(Student, "student", "teacher"), (Teacher, "teacher", "student")]

WAYS_TO_CREATE = {
    "create": lambda model, **fields: model.objects.create(**fields),
    "create_user": lambda model, **fields: model.objects.create_user(**fields),
    "get_or_create": lambda model, **fields: model.objects.get_or_create(**fields)[0],
    "update_or_create": lambda model, **fields: model.objects.update_or_create(**fields)[0],
    "save": lambda model, **fields: _saved(model(**fields)),
    "bulk_create": lambda model, **fields: model.objects.bulk_create([model(**fields)])[0],
    "bulk_create from a generator": lambda model, **fields: model.objects.bulk_create(model(**f) for f in [fields])[0],
}


def _saved(user):
    user.save()
    return user


def _cast():
    return UserFactory(role="student"), UserFactory(role="teacher"), UserFactory(role="admin")


@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_a_proxy_loads_its_own_role_only(db, model, role, other):
    cast = _cast()

    loaded = model.objects.all()

    assert [person.username for person in loaded] == [person.username for person in cast if person.role == role]
    assert all(type(person) is model for person in loaded)
    assert model.objects.count() == 1
    assert not model.objects.filter(role=other).exists()


@pytest.mark.parametrize("way", WAYS_TO_CREATE)
@pytest.mark.parametrize("given", ["none", "other"])
@pytest.mark.parametrize(("model", "role", "other"), PROXIES)
def test_a_proxy_stamps_its_role_on_what_it_creates(db, model, role, other, given, way):
    fields = {"username": "ida", "email": "ida@school.example"} | ({"role": other} if given == "other" else {})

    WAYS_TO_CREATE[way](model, **fields)

    assert User.objects.get(username="ida").role == role
    assert model.objects.filter(username="ida").exists()


def test_saving_through_a_proxy_again_leaves_the_role_that_an_administrator_gave(db):
    person = Student.objects.create_user("ida", "ida@school.example")
    User.objects.filter(pk=person.pk).update(role=Role.TEACHER)
    person.refresh_from_db(from_queryset=User.objects.all())

    person.location = "House Elm"
    person.save()

    assert User.objects.get(pk=person.pk).role == Role.TEACHER


def test_updating_through_a_proxy_touches_its_own_role_only(db):
    _cast()

    Student.objects.update(location="House Elm")

    assert list(User.objects.filter(location="House Elm").values_list("role", flat=True)) == ["student"]


def test_the_user_model_is_user():
    assert get_user_model() is User


@pytest.mark.parametrize("factory", [StudentFactory, TeacherFactory])
def test_whoever_signs_in_is_a_user_and_never_a_proxy(client_for, db, factory):
    response = client_for(factory()).get("/home/", follow=True)

    assert type(response.wsgi_request.user._wrapped) is User


def test_a_new_user_is_a_student_by_default(db):
    assert User.objects.create_user("ida", "ida@school.example").role == Role.STUDENT


def test_what_teachers_may_waits_for_their_approval(db, teacher, pending_teacher, student, admin):
    assert [person.is_teacher for person in (teacher, pending_teacher, student, admin)] == [True, False, False, False]
    assert [person.is_waiting for person in (teacher, pending_teacher, student, admin)] == [False, True, False, False]
    assert [person.may_see_emails for person in (teacher, pending_teacher, student, admin)] == [
        True,
        False,
        False,
        True,
    ]


# Each goes to the database past every form and validator.
@pytest.mark.parametrize(
    ("taken", "new"),
    [
        ({"username": "Ida"}, {"username": "Ida"}),
        ({"username": "Ida"}, {"username": "ida"}),
        ({"username": "ida"}, {"username": "IDA"}),
        ({"email": "ida@school.example"}, {"email": "ida@school.example"}),
        ({"email": "ida@school.example"}, {"email": "Ida@school.example"}),
    ],
    ids=str,
)
def test_the_database_refuses_a_name_or_address_twice(db, taken, new):
    UserFactory(**{"username": "first", "email": "first@school.example"} | taken)

    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**{"username": "second", "email": "second@school.example"} | new)

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "idå"},
        {"username": "іda"},  # a Cyrillic і
        {"username": "id\N{KELVIN SIGN}"},
        {"username": "ab"},
        {"username": ""},
        {"email": "idå@school.example"},
        {"role": "head"},
        {"role": ""},
    ],
    ids=str,
)
def test_the_database_refuses_what_the_rules_refuse(db, fields):
    person = UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(**fields)


@pytest.mark.skipif(connection.vendor == "mysql", reason="it compares without case: both spellings are one address")
def test_the_database_refuses_an_address_in_another_form(db):
    person = UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(email="Ida@school.example")


def test_the_manager_brings_an_address_into_its_one_form(db):
    person = User.objects.create_user("ida", "  Ida.Wells@School.EXAMPLE ")

    assert person.email == "ida.wells@school.example"


def test_create_superuser_makes_an_approved_administrator(db):
    person = User.objects.create_superuser("ida", "IDA@school.example", PASSWORD)

    person.refresh_from_db()
    assert (person.role, person.is_staff, person.is_superuser) == (Role.ADMIN, True, True)
    assert person.approved_at is not None
    assert person.email == "ida@school.example"


def test_the_createsuperuser_command_makes_an_administrator(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    call_command("createsuperuser", username="ida", email="ida@school.example", interactive=False, verbosity=0)

    person = User.objects.get()
    assert person.is_administrator
    assert person.approved_at is not None
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize(
    "typed", ["Ida.W", "ida.w", "IDA.W", " ida.w ", "Wells@school.example", "WELLS@SCHOOL.EXAMPLE"]
)
def test_one_text_names_one_person_at_sign_in(db, typed):
    person = UserFactory(username="Ida.W", email="wells@school.example")
    UserFactory()

    assert User.objects.by_login(typed) == person


@pytest.mark.parametrize(
    "typed", ["", "ida", "ida.w\0", "ıda.w", "ida.ẃ", "wélls@school.example", "\ud800", "x" * 300, "@", "%", "_" * 5]
)
def test_a_text_that_names_nobody_finds_nobody(db, typed):
    UserFactory(username="Ida.W", email="wells@school.example")

    assert User.objects.by_login(typed) is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("ida", True), ("IDA", True), ("w_l", False), ("%", False),
        ("zofia", True), ("ŻÓŁĆ", True), ("żółć", True), ("Żółć", True), ("żół", True),
        ("żółć ida", True), ("żółć max", False), ("Łódź", False), ("", True),
    ],
)  # fmt: skip
def test_search_finds_by_every_word_in_any_case_and_script(db, wanted, found):
    UserFactory(username="ida.w", first_name="Zofia", last_name="Żółć")

    assert User.objects.search(wanted).exists() == found


@pytest.mark.parametrize("wanted", ["анна", "Анна", "АННА", "мария", "анна мария"])
def test_search_folds_the_case_of_other_scripts_too(db, wanted):
    UserFactory(first_name="АННА", last_name="Мария")

    assert User.objects.search(wanted).exists()


@pytest.mark.parametrize(
    ("names", "initials"),
    [(("Ada", "Hale"), "AH"), (("", "Hale"), "H"), (("żaneta", ""), "Ż"), (("", ""), "MS"), (("李", "娜"), "李娜")],
)
def test_initials_come_from_the_names_and_else_from_the_username(names, initials):
    assert User(username="ms.hale", first_name=names[0], last_name=names[1]).initials == initials


def test_a_username_has_one_hue_for_ever_whatever_its_case():
    hues = {name: User(username=name).hue for name in ("sam", "SAM", "kim", "olu", "ms.hale")}

    assert hues == {"sam": 0, "SAM": 0, "kim": hues["kim"], "olu": hues["olu"], "ms.hale": hues["ms.hale"]}
    assert all(0 <= hue < 12 for hue in hues.values())


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "ida w", "invalid_username"), ("username", "ida\n", "invalid_username"),
        ("username", "Former-9", "reserved_username"), ("email", "idå@school.example", "non_ascii_email"),
        ("location", "ab", "min_length"), ("description", "too short", "min_length"),
    ],
)  # fmt: skip
def test_the_model_itself_knows_the_rules(db, field, value, code):
    person = UserFactory.build(**{field: value})

    with pytest.raises(ValidationError) as caught:
        person.full_clean(exclude=["password"])

    assert code in [error.code for error in caught.value.error_dict[field]]


def test_the_model_itself_refuses_a_name_that_is_taken_in_another_case(db):
    UserFactory(username="Ida")

    with pytest.raises(ValidationError, match="This username is taken"):
        UserFactory.build(username="ida", email="second@school.example").full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Student, Teacher])
def test_a_proxy_makes_no_superusers(model):
    assert model.objects.create_superuser is None
