"""Fields that the registration forms ignore."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from accounts.tests.helpers import registration_data

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("url", [STUDENT, TEACHER])

# The fields of the forms. Every other field of the model must have its default.
FORM_FIELDS = {"username", "first_name", "email", "password", "location", "description"}

UNUSED_ID = 2**62  # higher than any generated id

SUBMITTED = {
    "role": ["admin", "teacher"],
    "is_staff": ["on", "1", "true"],
    "is_superuser": ["on"],
    "is_active": ["", "0", "false"],
    "approved_at": ["2020-01-01 00:00", "2020-01-01T00:00:00Z"],
    "closed_at": ["2020-01-01 00:00"],
    "id": [str(UNUSED_ID)],
    "avatar": ["avatars/another.webp"],
    "username_key": ["head"],
}


@BOTH
@pytest.mark.parametrize(
    "name", sorted({field.name for field in User._meta.get_fields()} - FORM_FIELDS - {"groups", "user_permissions"})
)
def test_registration_ignores_other_fields(client, db, url, name):
    for number, value in enumerate(SUBMITTED.get(name, ["1", "on", "2020-01-01 00:00"])):
        data = registration_data(username=f"robin{number}", email=f"robin{number}@school.example") | {name: value}

        response = client.post(f"{url}?{name}={value}", data)

        assert response.status_code == 302
        user = User.objects.get(username=f"robin{number}")
        assert user.role == (Role.STUDENT if url == STUDENT else Role.TEACHER)
        assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
        assert (user.approved_at, user.closed_at, user.last_login) == (None, None, None)
        assert (user.first_name, user.last_name, user.avatar.name) == ("", "", "")
        assert (user.pk != UNUSED_ID, user.username_key) == (True, f"robin{number}")
        assert timezone.now() - user.date_joined < timedelta(minutes=1)
        assert timezone.now() - user.updated_at < timedelta(minutes=1)


@pytest.mark.guarantee("form-fields")
@BOTH
@pytest.mark.parametrize("name", ["groups", "user_permissions"])
def test_registration_ignores_permissions(client, db, url, name):
    client.post(url, registration_data() | {name: ["1", "2", "3"]})

    assert not getattr(User.objects.get(), name).exists()
