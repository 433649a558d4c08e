"""Every profile field can be edited, is exported and erased, and changes the cached fragments about a user."""

import json

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import User
from accounts.tests.admin import change_url, form_data
from accounts.tests.factories import AdminFactory
from accounts.tests.helpers import Page, save_profile

# Neither users nor administrators edit these in a form, except for the email address.
OTHER_FIELDS = {
    "id",
    "password",
    "last_login",
    "is_superuser",
    "username",
    "is_staff",
    "is_active",
    "date_joined",
    "username_key",
    "email",
    "role",
    "avatar",
    "approved_at",
    "closed_at",
    "language",
    "must_change_password",
    "updated_at",
}


def value_of(name):
    """Return a value for a profile field."""
    return f"Text for {name}"[: User._meta.get_field(name).max_length]


def test_every_other_field_of_users_is_known():
    assert {field.name for field in User._meta.concrete_fields} == OTHER_FIELDS | {*User.PROFILE_FIELDS}


@pytest.mark.parametrize("name", User.PROFILE_FIELDS)
def test_user_edits_profile_field(client_for, student, name):
    client = client_for(student)

    save_profile(client, student, **{name: f" {value_of(name)}\u202e "})

    assert Page(client.get("/account/")).value(name) == value_of(name)


@pytest.mark.parametrize("name", User.PROFILE_FIELDS)
def test_administrator_edits_profile_field(admin_client, student, name):
    admin_client.post(change_url(student), form_data(student, **{name: f" {value_of(name)}\u202e "}))

    assert Page(admin_client.get(change_url(student))).value(name) == value_of(name)


@pytest.mark.parametrize("name", User.PROFILE_FIELDS)
def test_profile_field_is_exported_and_erased(student, name):
    save = {name: value_of(name)}
    User.objects.filter(pk=student.pk).update(**save)

    exported = json.loads(actions.export_data(User.objects.get(pk=student.pk)).data)
    actions.close_account(student, student)

    assert exported["account"][name] == value_of(name)
    assert value_of(name) not in json.dumps(User.objects.values().get(pk=student.pk), default=str)


@pytest.mark.parametrize("name", User.PROFILE_FIELDS)
def test_saved_profile_field_changes_fragment_key(client_for, student, name):
    before = User.objects.get(pk=student.pk).fragment_key

    save_profile(client_for(student), student, **{name: value_of(name)})

    assert User.objects.get(pk=student.pk).fragment_key != before


OPERATIONS = {
    "approve": ("pending_teacher", actions.approve_teachers),
    "revoke": ("teacher", actions.revoke_approval),
    "change_role": ("student", lambda users, actor: actions.change_role(users, "teacher", actor)),
    "deactivate": ("student", actions.deactivate_users),
    "reactivate": ("deactivated", actions.reactivate_users),
    "close": ("student", lambda users, actor: actions.close_account(users.get(), actor)),
    "remove_picture": ("student", lambda users, actor: actions.save_profile(users.get(), [], None, True, actor)),
    "script": ("student", lambda users, actor: users.update(first_name="Samuel")),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_changes_fragment_key(request, operation):
    fixture, operate = OPERATIONS[operation]
    user = request.getfixturevalue(fixture)
    User.objects.filter(pk=user.pk).update(avatar="avatars/a.webp", updated_at=timezone.now())
    before = User.objects.get(pk=user.pk).fragment_key

    operate(User.objects.filter(pk=user.pk), AdminFactory())

    assert User.objects.get(pk=user.pk).fragment_key != before
