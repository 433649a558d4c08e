"""Validation of users by the model and the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.tests.factories import UserFactory


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
