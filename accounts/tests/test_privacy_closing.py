"""Closing an account."""

import json

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.files.storage import default_storage

from accounts import actions
from accounts.models import Session, User
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page, prune_files
from accounts.tests.pictures import picture, upload
from posts.actions import edit_post, write_post
from posts.models import Membership, Notification, Post
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory

CONFIRMED = {"password": PASSWORD, "understood": "on"}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"understood": "on"}, "password"),
        ({"password": "wrong horse staple", "understood": "on"}, "password"),
        ({"password": "x" * 2000, "understood": "on"}, "password"),
        ({"password": PASSWORD}, "understood"),
    ],
)
def test_closing_requires_password_and_confirmation(client_for, student, data, field):
    client = client_for(student)

    response = client.post("/account/delete/", data | {"submit": "1"})

    assert Page(response).field_error(field)
    assert PASSWORD not in response.content.decode()
    student.refresh_from_db()
    assert not student.is_closed
    assert client.get("/account/").status_code == 200
    assert not LogEntry.objects.exists()


def test_get_request_does_not_close_account(client_for, student):
    client_for(student).get("/account/delete/", CONFIRMED)

    assert not User.objects.get(pk=student.pk).is_closed


@pytest.mark.guarantee("leaving")
def test_closing_erases_personal_data(client_for, student, classmate, user_data):
    client, other_client = client_for(student), client_for(student)
    client.post("/account/", {"email": student.email, "avatar": upload(picture())})
    avatar = User.objects.get(pk=student.pk).avatar.name
    assert default_storage.exists(avatar)

    response = client.post("/account/delete/", CONFIRMED, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert "Account deleted." in Page(response).text()
    values = User.objects.values().get(pk=student.pk)
    stored = json.dumps({name: value for name, value in values.items() if name != "password"}, default=str).lower()
    for word in ("sam", "okafor", "school.example", "chess", "elm", ".webp"):
        assert word not in stored
    assert values["closed_at"] is not None
    assert not User.objects.get(pk=student.pk).has_usable_password()
    prune_files()
    assert not default_storage.exists(avatar)
    assert not Session.objects.filter(user=student).exists()
    assert [client.get("/account/").status_code, other_client.get("/account/").status_code] == [302, 302]
    assert not Membership.objects.filter(user=student).exists()
    assert not Notification.objects.filter(recipient=student).exists()
    assert not Notification.objects.filter(actor=student).exists()


@pytest.mark.guarantee("leaving")
def test_posts_of_closed_account_remain_without_name(client_for, student, classmate, user_data):
    client_for(student).post("/account/delete/", CONFIRMED)

    page = client_for(classmate).get("/rooms/common/").content.decode()

    assert Post.objects.get(pk=user_data["own_post"].pk).body == "Who has @kim's book?"
    assert "Who has" in page
    assert "former student" in page
    assert Post.objects.get(pk=user_data["other_post"].pk).body == "Ask @someone, or @someone. Not @sammy or a@sam."
    assert Post.objects.get(pk=user_data["other_post"].pk).mentions == []
    assert "Okafor" not in page


def test_rooms_of_closed_teacher_have_no_owner(client_for, teacher, student):
    room = RoomFactory(owner=teacher)
    MembershipFactory(user=student, room=room)
    PostFactory(room=room, author=teacher, body="Exam on Monday.")

    client_for(teacher).post("/account/delete/", CONFIRMED)

    room.refresh_from_db()
    page = client_for(student).get(room.get_absolute_url()).content.decode()
    assert room.owner is None
    assert "Exam on Monday." in page
    assert "former teacher" in page
    assert "hale" not in page.lower()


def test_audit_log_survives_closing(client_for, student, user_data):
    edit_post(user_data["own_post"], "Who has @kim's ruler?", actor=student)
    before = list(LogEntry.objects.values_list("pk", flat=True))
    assert before

    client_for(student).post("/account/delete/", CONFIRMED)

    assert set(before) < set(LogEntry.objects.values_list("pk", flat=True))
    entry = LogEntry.objects.get(action_flag=DELETION)
    assert (entry.user_id, entry.object_id) == (student.pk, str(student.pk))
    assert LogEntry.objects.filter(user=student, action_flag=CHANGE).exists()


def test_log_entries_name_the_administrator_who_closed_an_account(admin, teacher, classmate, common_room):
    RoomFactory(owner=teacher)
    write_post(classmate, common_room, "Ask @ms.hale")

    actions.close_account(teacher, admin)

    entries = LogEntry.objects.order_by("action_flag", "content_type__model")
    assert list(entries.values_list("content_type__model", "action_flag", "user")) == [
        ("post", CHANGE, admin.pk),
        ("room", CHANGE, admin.pk),
        ("user", DELETION, admin.pk),
    ]


def test_mention_of_similar_username_does_not_change(student, classmate, common_room):
    similar = StudentFactory(username="sam.")
    post = write_post(classmate, common_room, "@sam, hello @sam.")

    actions.close_account(similar, similar)

    post.refresh_from_db()
    assert (post.body, post.mentions) == ("@sam, hello @sam.", ["sam"])
