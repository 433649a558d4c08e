"""Taking one's data along, and leaving."""

import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.files.storage import default_storage

from accounts import actions
from accounts.models import Session, User
from accounts.tests.factories import PASSWORD, AdminFactory, StudentFactory
from accounts.tests.helpers import Page, the_one_entry
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


def test_the_export_holds_what_is_kept_and_no_secret(client_for, full_life, student):
    client = client_for(student)

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


def test_the_export_is_on_record(client_for, student):
    client_for(student).get("/account/export/")

    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["export"], "")


def test_the_export_knows_every_field_of_the_account(client_for, student):
    account = json.loads(client_for(student).get("/account/export/").content)["account"]

    inner = {"id", "password", "username_key", "is_active", "is_staff", "is_superuser", "closed_at", "avatar"}
    assert set(account) == {field.name for field in User._meta.concrete_fields} - inner | {"picture"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"understood": "on"}, "password"),
        ({"password": "wrong horse staple", "understood": "on"}, "password"),
        ({"password": "x" * 2000, "understood": "on"}, "password"),
        ({"password": PASSWORD}, "understood"),
    ],
)
def test_leaving_needs_the_password_and_a_plain_word(client_for, student, sent, field):
    client = client_for(student)

    response = client.post("/account/delete/", sent | {"submit": "1"})

    assert Page(response).error_beside(field)
    assert PASSWORD not in response.content.decode()
    student.refresh_from_db()
    assert not student.is_closed
    assert client.get("/account/").status_code == 200
    assert not LogEntry.objects.exists()


def test_looking_at_the_page_deletes_nothing(client_for, student):
    client_for(student).get("/account/delete/", GOODBYE)

    assert not User.objects.get(pk=student.pk).is_closed


def test_leaving_takes_everything_that_names_the_person(
    client_for, student, classmate, full_life, django_capture_on_commit_callbacks
):
    client, elsewhere = client_for(student), client_for(student)
    client.post("/account/", {"email": student.email, "avatar": upload(picture())})
    avatar = User.objects.get(pk=student.pk).avatar.name
    assert default_storage.exists(avatar)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/account/delete/", GOODBYE, follow=True)

    assert response.redirect_chain == [("/", 302)]
    assert "Your account is deleted." in Page(response).text()
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


def test_the_posts_of_somebody_who_left_stay_under_no_name(client_for, student, classmate, full_life):
    client_for(student).post("/account/delete/", GOODBYE)

    page = client_for(classmate).get("/rooms/common/").content.decode()

    assert Post.objects.get(pk=full_life["mine"].pk).body == "Who has @kim's book?"
    assert "Who has" in page
    assert "former student" in page
    assert Post.objects.get(pk=full_life["theirs"].pk).body == "Ask @someone, or @someone. Not @sammy or a@sam."
    assert Post.objects.get(pk=full_life["theirs"].pk).mentions == []
    assert "Okafor" not in page


def test_a_teacher_who_left_leaves_rooms_without_an_owner(client_for, teacher, student):
    room = RoomFactory(owner=teacher)
    MembershipFactory(user=student, room=room)
    PostFactory(room=room, author=teacher, body="Exam on Monday.")

    client_for(teacher).post("/account/delete/", GOODBYE)

    room.refresh_from_db()
    page = client_for(student).get(room.get_absolute_url()).content.decode()
    assert room.owner is None
    assert "Exam on Monday." in page
    assert "former teacher" in page
    assert "hale" not in page.lower()


@pytest.mark.parametrize("who", ["sam", "sam@school.example"])
def test_somebody_who_left_cannot_sign_in_or_reset(client_for, client, student, mailoutbox, who):
    client_for(student).post("/account/delete/", GOODBYE)

    response = client.post("/login/", {"username": who, "password": PASSWORD})
    client.post("/password-reset/", {"email": "sam@school.example"})
    client.post("/password-reset/", {"email": f"former-{student.pk}@invalid.invalid"})

    assert "Invalid username or password." in Page(response).error_summary()[0]
    assert mailoutbox == []


@pytest.mark.parametrize("viewer", ["classmate", "teacher", "admin"])
def test_the_profile_of_somebody_who_left_does_not_exist(client_for, student, viewer, request):
    viewer = client_for(request.getfixturevalue(viewer))
    assert viewer.get("/users/sam/").status_code == 200

    client_for(student).post("/account/delete/", GOODBYE)

    for name in ("sam", f"former-{student.pk}"):
        assert viewer.get(f"/users/{name}/").status_code == 404
        assert viewer.get(f"/users/{name}/popover/").status_code == 404
    assert "sam" not in Page(viewer.get("/students/?q=sam")).text().replace("sam”", "").replace("“sam", "")


def test_the_name_and_the_address_are_free_again(client_for, client, student):
    client_for(student).post("/account/delete/", GOODBYE)

    response = client.post(
        "/register/student/",
        {"username": "sam", "email": "sam@school.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert response.status_code == 302
    assert User.objects.get(username="sam").pk != student.pk


def test_the_record_outlives_the_account(client_for, student, full_life):
    before = list(LogEntry.objects.values_list("pk", flat=True))
    assert before

    client_for(student).post("/account/delete/", GOODBYE)

    assert set(before) < set(LogEntry.objects.values_list("pk", flat=True))
    last = LogEntry.objects.get(action_flag=DELETION)
    assert (last.user_id, last.object_id) == (student.pk, str(student.pk))
    assert LogEntry.objects.filter(user=student, action_flag=ADDITION).exists()


def test_a_closed_account_is_not_opened_again(client_for, student, admin):
    client_for(student).post("/account/delete/", GOODBYE)
    people = User.objects.filter(pk=student.pk)

    assert actions.reactivate(people, admin) == 0
    assert actions.change_role(people, "admin", admin) == 0
    assert actions.approve(people, admin) == 0


def test_closing_twice_is_the_same_as_once(student):
    actions.close_account(student, student)
    first = User.objects.values().get(pk=student.pk)

    actions.close_account(User.objects.get(pk=student.pk), student)

    second = User.objects.values().get(pk=student.pk)
    for name in ("username", "email", "is_active"):
        assert first[name] == second[name]


def test_the_last_administrator_cannot_leave(client_for, admin):
    response = client_for(admin).post("/account/delete/", GOODBYE)

    admin.refresh_from_db()
    assert "You are the only administrator" in response.content.decode()
    assert admin.is_active


def test_an_administrator_leaves_when_there_is_another(client_for, admin):
    AdminFactory(username="deputy")

    client_for(admin).post("/account/delete/", GOODBYE)

    admin.refresh_from_db()
    assert admin.is_closed


def test_mention_of_a_similar_name_does_not_change(student, classmate, common_room):
    similar = StudentFactory(username="sam.")
    posts = [actions_write(classmate, common_room, body) for body in ("Hello @sam.", "@sam hello", "@SAM, @sam.")]

    actions.close_account(student, student)

    for post in posts:
        post.refresh_from_db()
    assert [post.body for post in posts] == ["Hello @sam.", "@someone hello", "@someone, @sam."]
    assert [post.mentions for post in posts] == [[similar.username_key], [], [similar.username_key]]
