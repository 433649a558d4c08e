"""Export of personal data."""

import json

import pytest
from django.contrib.admin.models import CHANGE

from accounts.models import User
from accounts.tests.helpers import the_one_entry
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory


@pytest.fixture
def full_life(student, classmate, teacher, common_room):
    """Give `student` one of everything that is kept about a person."""
    student.description, student.location = "I play chess and keep bees.", "House Elm"
    student.save()
    room = RoomFactory(owner=teacher, name="Form 7b")
    MembershipFactory(user=student, room=room)
    mine = actions_write(student, common_room, "Who has @kim's book?")
    theirs = actions_write(classmate, common_room, "Ask @sam, or @SAM. Not @sammy or a@sam.")
    NotificationFactory(recipient=student)
    return {"room": room, "mine": mine, "theirs": theirs}


def actions_write(author, room, body):
    from posts.actions import write_post

    return write_post(author, room, body)


def test_the_export_holds_what_is_kept_and_no_secret(as_, full_life, student):
    client = as_(student)

    response = client.get("/account/export/")

    data = json.loads(response.content)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="homeroom-sam.json"'
    assert data["account"]["username"] == "sam"
    assert data["account"]["email"] == "sam@school.example"
    assert data["account"]["description"] == "I play chess and keep bees."
    assert [post["body"] for post in data["posts"]] == ["Who has @kim's book?"]
    assert "Form 7b" in [membership["room__name"] for membership in data["memberships"]]
    assert len(data["notifications"]) == 2
    text = response.content.decode()
    student.refresh_from_db()
    for secret in (student.password, client.session.session_key, full_life["room"].join_code):
        assert secret not in text
    assert "kim@school.example" not in text


def test_the_export_is_on_record(as_, student):
    as_(student).get("/account/export/")

    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["export"], "")


def test_the_export_knows_every_field_of_the_account(as_, student):
    account = json.loads(as_(student).get("/account/export/").content)["account"]

    inner = {"id", "password", "username_key", "is_active", "is_staff", "is_superuser", "closed_at", "avatar"}
    assert set(account) == {field.name for field in User._meta.concrete_fields} - inner | {"picture"}
