"""Operations on users and their audit log entries."""

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry

from accounts import actions
from accounts.audit import reason_of, record
from accounts.models import Role, Student, User
from accounts.tests.factories import PASSWORD, StudentFactory, TeacherFactory, UserFactory
from accounts.tests.helpers import only_log_entry

REASON = "requested by the head teacher"


def queryset(user):
    return User.objects.filter(pk=user.pk)


ROLE_FIELDS = ["role", "is_staff", "is_superuser", "approved_at"]

OPERATIONS = {
    "approve": (
        TeacherFactory,
        {"approved_at": None},
        lambda user, actor: actions.approve_teachers(queryset(user), actor, REASON),
        CHANGE,
        ["approved_at"],
    ),
    "revoke": (
        TeacherFactory,
        {},
        lambda user, actor: actions.revoke_approval(queryset(user), actor, REASON),
        CHANGE,
        ["approved_at"],
    ),
    "change role": (
        StudentFactory,
        {},
        lambda user, actor: actions.change_role(queryset(user), Role.TEACHER, actor, REASON),
        CHANGE,
        ROLE_FIELDS,
    ),
    "deactivate": (
        StudentFactory,
        {},
        lambda user, actor: actions.deactivate_users(queryset(user), actor, REASON),
        CHANGE,
        ["is_active"],
    ),
    "reactivate": (
        StudentFactory,
        {"is_active": False},
        lambda user, actor: actions.reactivate_users(queryset(user), actor, REASON),
        CHANGE,
        ["is_active"],
    ),
    "close": (StudentFactory, {}, lambda user, actor: actions.close_account(user, actor, REASON), DELETION, []),
}


@pytest.mark.guarantee("audit")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_writes_one_log_entry(client_for, admin, operation):
    factory, values, run, flag, fields = OPERATIONS[operation]
    user = factory(**values)
    client_for(user if user.is_active else None)  # ending a session writes no further entry

    run(user, admin)

    assert only_log_entry() == (admin.pk, str(user.pk), flag, fields, REASON)
    entry = LogEntry.objects.get()
    assert entry.content_type.model_class() is User
    assert reason_of(entry) == REASON
    assert entry.get_change_message()


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "close"])
def test_repeated_operation_writes_no_second_log_entry(admin, operation):
    factory, values, run, _flag, _fields = OPERATIONS[operation]
    user = factory(**values)
    run(user, admin)

    assert run(user, admin) == 0

    assert LogEntry.objects.count() == 1


def test_saving_profile_records_actor(student, admin):
    student.location = "House Elm"

    actions.save_profile(student, ["location"], actor=admin)

    assert only_log_entry() == (admin.pk, str(student.pk), CHANGE, ["location"], "")


@pytest.mark.parametrize(("sessions", "entries"), [(0, 0), (3, 1)])
def test_ending_sessions_writes_at_most_one_log_entry(client_for, student, admin, sessions, entries):
    for _ in range(sessions):
        client_for(student)

    assert actions.end_sessions(student, admin, reason=REASON) == sessions

    assert LogEntry.objects.count() == entries
    if entries:
        assert only_log_entry() == (admin.pk, str(student.pk), CHANGE, ["sessions"], REASON)


def test_sign_in_and_sign_out_are_not_recorded(client, student):
    client.post("/login/", {"username": "sam", "password": PASSWORD})
    client.post("/logout/")

    assert not LogEntry.objects.exists()


def test_proxy_is_recorded_as_user(student, admin):
    record(admin, Student.objects.get(pk=student.pk), CHANGE, ["location"])
    record(admin, User.objects.get(pk=student.pk), CHANGE, ["location"])

    assert LogEntry.objects.values("content_type", "object_id").distinct().count() == 1


@pytest.mark.parametrize("message", ["", "free text", "[]", "{}", "[1]", "null", '[{"reason": "x"}]'])
def test_reason_of_any_message(message):
    assert reason_of(LogEntry(change_message=message)) == ("x" if "reason" in message else "")


@pytest.mark.parametrize(
    ("role", "is_staff", "is_teacher"),
    [(Role.STUDENT, False, False), (Role.TEACHER, False, True), (Role.ADMIN, True, False)],
)
@pytest.mark.parametrize("before", [Role.STUDENT, Role.TEACHER, Role.ADMIN])
def test_permissions_follow_role(admin, before, role, is_staff, is_teacher):
    user = UserFactory(role=before, is_staff=before == Role.ADMIN, is_superuser=before == Role.ADMIN)

    changed = actions.change_role(queryset(user), role, admin)

    user.refresh_from_db()
    assert changed == (before != role)
    assert user.role == role
    if changed:
        assert (user.is_staff, user.is_superuser, user.is_teacher) == (is_staff, is_staff, is_teacher)
        assert (user.approved_at is None) == (role == Role.STUDENT)
