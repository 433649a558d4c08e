"""Importing a class list: preview, confirmation and accounts."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.audit import reason_of
from accounts.models import User
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.actions import join_room
from posts.models import Membership, Notification, Room
from posts.tests.factories import MembershipFactory

URL = "/rooms/chemistry/members/import/"
LIST = "ida,Ida Wells,IDA@School.example\nben.k,Ben Kowalski\n"


@pytest.fixture
def teachers_client(client_for, teacher, room):
    return client_for(teacher)


def preview(client, rows, url=URL, **fields):
    response = client.post(url, {"rows": rows} | fields)
    assert response.status_code == 200
    return response


def confirm(client, response):
    """Submit the fields that the preview contains."""
    page = Page(response)
    fields = {node.get("name"): node.get("value") for node in page.by_id("main").iter("input") if node.get("name")}
    assert fields["confirm"] == "yes"
    return client.post(URL, {"rows": fields["rows"], "confirm": "yes"})


def lines(response):
    return [(line.username, line.full_name, str(line.outcome)) for line in response.context["form"].lines]


def errors(response):
    return {line.line: list(map(str, line.errors)) for line in response.context["form"].lines if line.errors}


def test_preview_writes_nothing(teachers_client, room):
    before = User.objects.count(), Membership.objects.count(), LogEntry.objects.count()

    response = preview(teachers_client, LIST)

    assert lines(response) == [("ida", "Ida Wells", "new"), ("ben.k", "Ben Kowalski", "new")]
    assert "2 accounts will be created." in Page(response).text()
    assert (User.objects.count(), Membership.objects.count(), LogEntry.objects.count()) == before


def test_confirmation_creates_accounts_without_passwords(teachers_client, teacher, room, common_room):
    response = confirm(teachers_client, preview(teachers_client, LIST))

    assert (response.status_code, response["Location"]) == (302, "/rooms/chemistry/members/cards/")
    ida, ben = User.objects.get(username="ida"), User.objects.get(username="ben.k")
    assert (ida.role, ida.first_name, ida.last_name, ida.email) == ("student", "Ida", "Wells", "ida@school.example")
    assert (ben.email, ben.is_active, ben.last_login) == (None, True, None)
    assert not ida.has_usable_password()
    for user in (ida, ben):
        assert Membership.objects.get(user=user, room=room).created_account
        assert not Membership.objects.get(user=user, room=common_room).created_account
    assert not Notification.objects.exists()
    log = LogEntry.objects.filter(user=teacher, action_flag=ADDITION)
    kinds = sorted(log.values_list("content_type__model", "object_repr"))
    assert kinds == [
        ("membership", "ben.k – Chemistry 9b"),
        ("membership", "ida – Chemistry 9b"),
        ("user", "ben.k"),
        ("user", "ida"),
    ]
    assert {reason_of(entry) for entry in log} == {"class list"}


@pytest.mark.parametrize("state", [None, "applied", "declined", "removed", "left"])
def test_existing_student_is_added_and_otherwise_unchanged(teachers_client, teacher, outsider, room, state):
    if state == "applied":
        join_room(outsider, room.join_code)
    elif state:
        MembershipFactory(user=outsider, room=room, state=state, must_ask=state != "left")
    before = User.objects.filter(pk=outsider.pk).values().get()
    shown = preview(teachers_client, "OLU,Somebody Else,other@school.example\n")
    assert lines(shown) == [("olu", "", "added")]

    confirm(teachers_client, shown)

    assert User.objects.filter(pk=outsider.pk).values().get() == before
    membership = Membership.objects.get(user=outsider, room=room)
    assert (membership.state, membership.created_account, membership.must_ask) == ("member", False, False)
    assert outsider.notifications.get().kind == "accepted"
    assert not Notification.objects.filter(recipient=teacher).unread().exists()
    (entry,) = LogEntry.objects.filter(user=teacher, content_type__model="membership")
    assert entry.action_flag == (CHANGE if state else ADDITION)


def test_member_stays_as_they_are(teachers_client, student, room):
    shown = preview(teachers_client, "sam\nida\n")
    assert lines(shown)[0] == ("sam", "Sam Okafor", "member")

    confirm(teachers_client, shown)

    assert not student.notifications.exists()
    assert not LogEntry.objects.filter(object_repr__startswith="sam").exists()


def test_list_of_members_has_nothing_to_confirm(teachers_client):
    assert 'name="confirm"' not in preview(teachers_client, "sam\nkim\n").content.decode()


def test_name_of_a_student_whom_the_teacher_cannot_see_is_hidden(teachers_client, outsider, room):
    User.objects.filter(pk=outsider.pk).update(first_name="Olumide")
    assert lines(preview(teachers_client, "olu")) == [("olu", "Olumide", "added")]

    Membership.objects.filter(room__is_common=True).delete()

    assert lines(preview(teachers_client, "olu")) == [("olu", "", "added")]


def test_invalid_lines_are_listed_and_the_text_is_preserved(teachers_client, pending_teacher, deactivated, admin):
    StudentFactory(username="zoe", email="taken@school.example")
    text = (
        "ab,Too Short\nadmin,Reserved\nms-hale,Looks Like\nms.hale,Teacher\nmr.new,Pending\ngone,Deactivated\n"
        "head,Admin\nida,Ida,not an address\nben,Ben,taken@school.example\nIDA,Again\n\n"
        f"olga,Olga,o@s.example\nolaf,Olaf,O@S.example\nlong,{'x' * 400}\n,No Name\nfine,Fine\n<b>,<i>x\n"
    )

    response = preview(teachers_client, text)

    taken, form = "This username is taken.", response.context["form"]
    found = errors(response)
    assert {line: found[line] for line in (3, 4, 5, 6, 7, 9, 10, 13)} == {
        3: ["This username looks like another user's. Choose another one."],
        **{line: [taken] for line in (4, 5, 6, 7)},
        9: ["Another account uses this email address."],
        10: ["The username is also in line 8."],
        13: ["The email address is also in line 12."],
    }
    assert [found[line][0].partition(":")[0] for line in (1, 2, 8, 14, 15)] == [
        "Username", "Username", "Email address", "First name", "Username",
    ]  # fmt: skip
    assert 12 not in found
    assert 16 not in found
    assert Page(response).value("rows").splitlines() == text.splitlines()
    assert form.errors["rows"] == ["Correct the 14 lines that are shown below."]
    assert 'name="confirm"' not in response.content.decode()
    assert "<i>x" not in response.content.decode()


def test_confirmation_validates_again_and_imports_all_or_nothing(teachers_client):
    response = preview(teachers_client, "ida,Ida\nms.hale,Teacher\n", confirm="yes")

    assert errors(response) == {3: ["This username is taken."]}
    assert not User.objects.filter(username="ida").exists()


def test_username_that_is_taken_after_the_preview_is_an_error(teachers_client):
    shown = preview(teachers_client, LIST)
    StudentFactory(username="Ida")

    response = confirm(teachers_client, shown)

    assert errors(response) == {2: ["This username has been taken since you checked the list."]}
    assert not User.objects.filter(username="ben.k").exists()
    assert "Ben\tKowalski" in Page(response).value("rows")
    assert "outcome" not in Page(response).value("rows")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_file_of_a_spreadsheet(teachers_client, encoding):
    data = "Benutzername;Vorname;Nachname\r\nzoe;Zoë;Müller\r\n".encode(encoding)

    response = preview(teachers_client, "", file=SimpleUploadedFile("9b.csv", data))

    assert lines(response) == [("zoe", "Zoë Müller", "new")]
    assert "zoe;Zoë;Müller" in Page(response).value("rows")


FILES = {
    "too_large": b"x" * (1024 * 1024 + 1),
    "unreadable": b"PK\x03\x04" + b"\0" * 100,
    "empty": b"",
    "too_many_rows": b"kim,Kim\n" * 20_000,
}


@pytest.mark.parametrize("code", FILES)
def test_file_that_cannot_be_used_is_a_form_error(teachers_client, code):
    response = preview(teachers_client, "ida,Ida", file=SimpleUploadedFile("9b.csv", FILES[code]))

    found = response.context["form"].errors.as_data()
    assert [error.code for errors in found.values() for error in errors] == [code]
    assert not response.context["form"].lines


def test_missing_list_is_a_form_error(teachers_client):
    assert Page(preview(teachers_client, " \n")).field_error("file") == "Choose a file, or paste the rows."


@pytest.mark.parametrize(("slug", "status"), [("common", 403), ("chemistry", 403)])
def test_common_room_and_archived_rooms_have_no_import(client_for, admin, room, slug, status):
    Room.objects.filter(pk=room.pk).update(archived_at=room.created_at)
    url = f"/rooms/{slug}/members/import/"

    responses = [client_for(admin).get(url), client_for(admin).post(url, {"rows": LIST, "confirm": "yes"})]

    assert [response.status_code for response in responses] == [status, status]
    assert not User.objects.filter(username="ida").exists()
