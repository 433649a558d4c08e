"""Export of personal data."""

import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import User
from accounts.tests.helpers import Page, only_log_entry
from posts.tests.factories import MembershipFactory, RoomFactory


@pytest.mark.guarantee("leaving")
def test_export_contains_personal_data_but_no_secrets(client_for, user_data, student):
    client = client_for(student)

    response = client.post("/account/export/")

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
    for secret in (student.password, client.session.session_key, user_data["room"].join_code):
        assert secret not in text
    assert "kim@school.example" not in text


def test_page_offers_the_export_and_writes_nothing(client_for, student):
    page = Page(client_for(student).get("/account/export/"))

    (form,) = page.by_id("main").iter("form")
    assert (form.get("method"), form.get("action")) == ("post", None)
    assert not LogEntry.objects.exists()


def test_export_is_recorded(client_for, student):
    client_for(student).post("/account/export/")

    assert only_log_entry() == (student.pk, str(student.pk), CHANGE, ["export"], "")


def test_export_contains_every_account_field(client_for, student):
    account = json.loads(client_for(student).post("/account/export/").content)["account"]

    omitted = {"id", "password", "username_key", "is_active", "is_staff", "is_superuser", "closed_at", "avatar"}
    assert set(account) == {field.name for field in User._meta.concrete_fields} - omitted | {"picture"}


@pytest.mark.guarantee("leaving")
def test_export_contains_open_requests_but_no_rooms_that_the_user_has_left(client_for, student):
    for state, name in (("applied", "Chess"), ("left", "Choir"), ("declined", "Drama")):
        MembershipFactory(user=student, state=state, room=RoomFactory(name=name))

    data = json.loads(client_for(student).post("/account/export/").content)

    rooms = {row["room__name"]: row for row in data["memberships"]}
    assert set(rooms) == {"Common room", "Chess"}
    assert rooms["Chess"] | {"state": "applied", "is_co_teacher": False, "created_account": False} == rooms["Chess"]
