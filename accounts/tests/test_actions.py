"""What is done to accounts: its consequences, and the one entry that each deed leaves in the log."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry

from accounts import actions
from accounts.audit import reason_of, record
from accounts.models import Role, Student, User
from accounts.tests.factories import PASSWORD, StudentFactory, TeacherFactory, UserFactory
from accounts.tests.helpers import Page, the_one_entry

WHY = "asked by the head"


def only(person):
    return User.objects.filter(pk=person.pk)


ROLE_FIELDS = ["role", "is_staff", "is_superuser", "approved_at"]
DEEDS = {
    "approve": (TeacherFactory, {"approved_at": None}, lambda p, by: actions.approve(only(p), by, WHY), CHANGE,
        ["approved_at"]),
    "revoke": (TeacherFactory, {}, lambda p, by: actions.revoke_approval(only(p), by, WHY), CHANGE, ["approved_at"]),
    "change role": (StudentFactory, {}, lambda p, by: actions.change_role(only(p), Role.TEACHER, by, WHY), CHANGE,
        ROLE_FIELDS),
    "deactivate": (StudentFactory, {}, lambda p, by: actions.deactivate(only(p), by, WHY), CHANGE, ["is_active"]),
    "reactivate": (StudentFactory, {"is_active": False}, lambda p, by: actions.reactivate(only(p), by, WHY), CHANGE,
        ["is_active"]),
    "close": (StudentFactory, {}, lambda p, by: actions.close_account(p, by, WHY), DELETION, []),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_leaves_one_entry_with_actor_fields_and_reason(client_for, admin, deed):
    factory, made, act, flag, fields = DEEDS[deed]
    person = factory(**made)
    client_for(person if person.is_active else None)  # a session that ends with it is no entry of its own

    act(person, admin)

    assert the_one_entry() == (admin.pk, str(person.pk), flag, fields, WHY)
    entry = LogEntry.objects.get()
    assert entry.content_type.model_class() is User
    assert reason_of(entry) == WHY
    assert entry.get_change_message()


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "close"])
def test_a_deed_done_already_leaves_no_second_entry(admin, deed):
    factory, made, act, _flag, _fields = DEEDS[deed]
    person = factory(**made)
    act(person, admin)

    assert act(person, admin) == 0

    assert LogEntry.objects.count() == 1


def test_saving_a_profile_leaves_one_entry_by_whoever_did_it(student, admin):
    student.location = "House Elm"

    actions.save_profile(student, ["location"], actor=admin)

    assert the_one_entry() == (admin.pk, str(student.pk), CHANGE, ["location"], "")


@pytest.mark.parametrize(("sessions", "entries"), [(0, 0), (3, 1)])
def test_ending_sessions_leaves_one_entry_however_many_they_were(client_for, student, admin, sessions, entries):
    for _time in range(sessions):
        client_for(student)

    assert actions.end_sessions(student, admin, reason=WHY) == sessions

    assert LogEntry.objects.count() == entries
    if entries:
        assert the_one_entry() == (admin.pk, str(student.pk), CHANGE, ["sessions"], WHY)


def test_signing_in_and_out_is_not_on_record(client, student):
    client.post("/login/", {"username": "sam", "password": PASSWORD})
    client.post("/logout/")

    assert not LogEntry.objects.exists()


def test_a_person_seen_as_a_student_is_on_record_as_a_person(student, admin):
    record(admin, Student.objects.get(pk=student.pk), CHANGE, ["location"])
    record(admin, User.objects.get(pk=student.pk), CHANGE, ["location"])

    assert LogEntry.objects.values("content_type", "object_id").distinct().count() == 1


@pytest.mark.parametrize("message", ["", "free text", "[]", "{}", "[1]", "null", '[{"reason": "x"}]'])
def test_the_reason_of_any_message_can_be_asked(message):
    assert reason_of(LogEntry(change_message=message)) == ("x" if "reason" in message else "")


# --- Roles ---


@pytest.mark.parametrize(
    ("role", "staff", "teacher"), [(Role.STUDENT, False, False), (Role.TEACHER, False, True), (Role.ADMIN, True, False)]
)
@pytest.mark.parametrize("before", [Role.STUDENT, Role.TEACHER, Role.ADMIN])
def test_rights_come_and_go_with_the_role(admin, before, role, staff, teacher):
    person = UserFactory(role=before, is_staff=before == Role.ADMIN, is_superuser=before == Role.ADMIN)

    changed = actions.change_role(only(person), role, admin)

    person.refresh_from_db()
    assert changed == (before != role)
    assert person.role == role
    if changed:
        assert (person.is_staff, person.is_superuser, person.is_teacher) == (staff, staff, teacher)
        assert (person.approved_at is None) == (role == Role.STUDENT)


def test_only_waiting_teachers_are_approved(admin, student, teacher, pending_teacher):
    before = teacher.approved_at

    assert actions.approve(User.objects.all(), admin) == 1

    teacher.refresh_from_db()
    pending_teacher.refresh_from_db()
    student.refresh_from_db()
    assert teacher.approved_at == before
    assert pending_teacher.is_teacher
    assert student.approved_at is None


# --- Waiting ---

PAGES = [
    "/home/teacher/", "/students/", "/teachers/", "/users/mr.new/", "/account/", "/account/password/",
    "/account/sessions/", "/account/delete/", "/rooms/", "/rooms/common/", "/notifications/", "/nowhere/",
    "/home/student/",
]  # fmt: skip
BANNER = "You are waiting for approval."


@pytest.mark.parametrize("page", PAGES)
def test_a_waiting_teacher_reads_so_on_every_page(client_for, pending_teacher, teacher, page):
    assert BANNER in Page(client_for(pending_teacher).get(page)).text()
    assert BANNER not in Page(client_for(teacher).get(page.replace("mr.new", "ms.hale"))).text()


def test_an_approval_works_by_the_next_request(client_for, pending_teacher, student, admin):
    client = client_for(pending_teacher)
    assert student.email not in client.get("/users/sam/").content.decode()

    actions.approve(only(pending_teacher), admin)

    assert BANNER not in Page(client.get("/home/teacher/")).text()
    assert student.email in client.get("/users/sam/").content.decode()


def test_a_revoked_approval_leaves_a_students_powers(client_for, teacher, student, admin):
    actions.revoke_approval(only(teacher), admin)
    teacher.refresh_from_db()
    client = client_for(teacher)

    assert BANNER in Page(client.get("/home/teacher/")).text()
    assert student.email not in client.get("/users/sam/").content.decode()


def test_an_invited_teacher_never_waits(client, db):
    from accounts.models import Invitation

    code = Invitation.objects.create().code
    fields = {"username": "robin", "email": "robin@school.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/register/teacher/", fields | {"invitation": code})

    response = client.post("/login/teacher/", {"username": "robin", "password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == "/home/teacher/"
    assert BANNER not in Page(response).text()
    assert LogEntry.objects.get().action_flag == ADDITION
