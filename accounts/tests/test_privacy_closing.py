"""Closing an account."""

import json

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.core.files.storage import default_storage

from accounts import actions
from accounts.models import Session, User
from accounts.tests.factories import PASSWORD, StudentFactory
from accounts.tests.helpers import Page
from accounts.tests.pictures import picture, upload
from posts.models import Membership, Notification, Post
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory

GOODBYE = {"password": PASSWORD, "understood": "on"}


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


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"understood": "on"}, "password"),
        ({"password": "wrong horse staple", "understood": "on"}, "password"),
        ({"password": "x" * 2000, "understood": "on"}, "password"),
        ({"password": PASSWORD}, "understood"),
    ],
)
def test_leaving_needs_the_password_and_a_plain_word(as_, student, sent, field):
    client = as_(student)

    response = client.post("/account/delete/", sent | {"submit": "1"})

    assert Page(response).error_beside(field)
    assert PASSWORD not in response.content.decode()
    student.refresh_from_db()
    assert not student.is_closed
    assert client.get("/account/").status_code == 200
    assert not LogEntry.objects.exists()


def test_looking_at_the_page_deletes_nothing(as_, student):
    as_(student).get("/account/delete/", GOODBYE)

    assert not User.objects.get(pk=student.pk).is_closed


def test_leaving_takes_everything_that_names_the_person(
    as_, student, classmate, full_life, django_capture_on_commit_callbacks
):
    client, elsewhere = as_(student), as_(student)
    client.post("/account/", {"email": student.email, "avatar": upload(picture())})
    avatar = User.objects.get(pk=student.pk).avatar.name
    assert default_storage.exists(avatar)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/delete/", GOODBYE, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert "Account deleted." in Page(response).text()
    left = User.objects.values().get(pk=student.pk)
    stored = json.dumps({name: value for name, value in left.items() if name != "password"}, default=str).lower()
    for word in ("sam", "okafor", "school.example", "chess", "elm", ".webp"):
        assert word not in stored
    assert left["closed_at"] is not None
    assert not User.objects.get(pk=student.pk).has_usable_password()
    assert not default_storage.exists(avatar)
    assert not Session.objects.filter(user=student).exists()
    assert [client.get("/account/").status_code, elsewhere.get("/account/").status_code] == [302, 302]
    assert not Membership.objects.filter(user=student).exists()
    assert not Notification.objects.filter(recipient=student).exists()
    assert not Notification.objects.filter(actor=student).exists()


def test_the_posts_of_somebody_who_left_stay_under_no_name(as_, student, classmate, full_life):
    as_(student).post("/account/delete/", GOODBYE)

    page = as_(classmate).get("/rooms/common/").content.decode()

    assert Post.objects.get(pk=full_life["mine"].pk).body == "Who has @kim's book?"
    assert "Who has" in page
    assert "former student" in page
    assert Post.objects.get(pk=full_life["theirs"].pk).body == "Ask @someone, or @someone. Not @sammy or a@sam."
    assert Post.objects.get(pk=full_life["theirs"].pk).mentions == []
    assert "Okafor" not in page


def test_a_teacher_who_left_leaves_rooms_without_an_owner(as_, teacher, student):
    room = RoomFactory(owner=teacher)
    MembershipFactory(user=student, room=room)
    PostFactory(room=room, author=teacher, body="Exam on Monday.")

    as_(teacher).post("/account/delete/", GOODBYE)

    room.refresh_from_db()
    page = as_(student).get(room.get_absolute_url()).content.decode()
    assert room.owner is None
    assert "Exam on Monday." in page
    assert "former teacher" in page
    assert "hale" not in page.lower()


def test_the_record_outlives_the_account(as_, student, full_life):
    before = list(LogEntry.objects.values_list("pk", flat=True))
    assert before

    as_(student).post("/account/delete/", GOODBYE)

    assert set(before) < set(LogEntry.objects.values_list("pk", flat=True))
    last = LogEntry.objects.get(action_flag=DELETION)
    assert (last.user_id, last.object_id) == (student.pk, str(student.pk))
    assert LogEntry.objects.filter(user=student, action_flag=ADDITION).exists()


def test_mention_of_a_similar_name_does_not_change(student, classmate, common_room):
    similar = StudentFactory(username="sam.")
    posts = [actions_write(classmate, common_room, body) for body in ("Hello @sam.", "@sam hello", "@SAM, @sam.")]

    actions.close_account(student, student)

    for post in posts:
        post.refresh_from_db()
    assert [post.body for post in posts] == ["Hello @sam.", "@someone hello", "@someone, @sam."]
    assert [post.mentions for post in posts] == [[similar.username_key], [], [similar.username_key]]
