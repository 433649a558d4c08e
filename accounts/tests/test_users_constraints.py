"""Validation of users by the model and the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.tests.factories import UserFactory


# These tests bypass forms and validators.
@pytest.mark.parametrize(
    ("existing", "new"),
    [
        ({"username": "Ida"}, {"username": "Ida"}),
        ({"username": "Ida"}, {"username": "ida"}),
        ({"username": "ida"}, {"username": "IDA"}),
        ({"email": "ida@school.example"}, {"email": "ida@school.example"}),
        ({"email": "ida@school.example"}, {"email": "Ida@school.example"}),
    ],
    ids=str,
)
def test_database_rejects_duplicate_username_or_email(db, existing, new):
    UserFactory(**{"username": "first", "email": "first@school.example"} | existing)

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
def test_database_rejects_invalid_values(db, fields):
    user = UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**fields)


@pytest.mark.skipif(connection.vendor == "mysql", reason="MariaDB compares text in any case")
def test_database_rejects_email_that_is_not_normalized(db):
    user = UserFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Ida@school.example")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "ida w", "invalid_username"),
        ("username", "ida\n", "invalid_username"),
        ("username", "Former-9", "reserved_username"),
        ("email", "idå@school.example", "non_ascii_email"),
        ("location", "ab", "min_length"),
        ("description", "too short", "min_length"),
    ],
)
def test_model_validation(db, field, value, code):
    user = UserFactory.build(**{field: value})

    with pytest.raises(ValidationError) as caught:
        user.full_clean(exclude=["password"])

    assert code in [error.code for error in caught.value.error_dict[field]]


def test_model_rejects_username_taken_in_another_case(db):
    UserFactory(username="Ida")

    with pytest.raises(ValidationError, match="This username is taken"):
        UserFactory.build(username="ida", email="second@school.example").full_clean()
