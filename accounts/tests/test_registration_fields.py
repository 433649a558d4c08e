"""Fields that the registration forms ignore."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from accounts.tests.helpers import filled

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("address", [STUDENT, TEACHER])

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
