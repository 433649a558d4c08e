"""Bulk actions on many users: other writers do not wait, and an interruption reports what was changed."""

import threading
import time

import pytest

from accounts import actions
from accounts.admin.bulk_actions import CHUNK
from accounts.models import Student, User
from accounts.refusals import LastAdministrator
from accounts.tests.admin import USERS, messages_of
from accounts.tests.factories import StudentFactory
from config.tests.threads import in_thread

MANY = 1000


def create_students(number):
    return Student.objects.bulk_create(
        Student(username=f"student{index}", email=f"student{index}@school.example") for index in range(number)
    )


def run_on_all(client, action, number):
    """Run an action on all students."""
    return client.post(
        f"{USERS}?role__exact=student",
        {"action": action, "_selected_action": 1, "select_across": 1, "confirmed": number, "reason": "Leavers"},
    )


@pytest.mark.guarantee("bulk")
@pytest.mark.django_db(transaction=True)
def test_other_writers_do_not_wait_long(admin_client, teacher, record_property):
    create_students(MANY)
    finished, waits = threading.Event(), []

    def write():
        while not finished.is_set():
            start = time.monotonic()
            actions.save_profile(User.objects.get(pk=teacher.pk), ["location"])
            waits.append(time.monotonic() - start)

    thread = in_thread(write)
    try:
        response = run_on_all(admin_client, "deactivate", MANY)
    finally:
        finished.set()
        thread.join(60)

    record_property("figure", f"{MANY} accounts: other writers waited at most {max(waits):.2f} s")
    assert messages_of(admin_client.get(response.url)) == [f"{MANY} accounts deactivated."]
    assert max(waits) < 1, sorted(waits)[-5:]
    assert len(waits) > 10


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (LastAdministrator(), str(LastAdministrator())),
        (OSError("no space left"), "The action stopped because of an error, and we've logged it."),
    ],
)
def test_interrupted_action_reports_how_many_objects_it_changed(admin_client, monkeypatch, error, text):
    create_students(3 * CHUNK)
    deactivate, calls = actions.deactivate_users, []

    def fail_at_third_call(*args):
        calls.append(args)
        if len(calls) == 3:
            raise error
        return deactivate(*args)

    monkeypatch.setattr(actions, "deactivate_users", fail_at_third_call)

    response = run_on_all(admin_client, "deactivate", 3 * CHUNK)

    assert response.status_code == 302
    assert messages_of(admin_client.get(response.url)) == [text, f"{2 * CHUNK} accounts deactivated."]
    assert User.objects.filter(is_active=False).count() == 2 * CHUNK


def test_interrupted_action_on_single_objects_reports_how_many_it_changed(admin_client, monkeypatch):
    StudentFactory.create_batch(3)
    close_account = actions.close_account
    last = User.objects.filter(role="student").order_by("pk").first()

    def fail_for_the_last_user(user, *args):
        if user.pk == last.pk:
            raise OSError("no space left")
        return close_account(user, *args)

    monkeypatch.setattr(actions, "close_account", fail_for_the_last_user)

    response = run_on_all(admin_client, "close", 3)

    assert messages_of(admin_client.get(response.url))[1:] == ["2 accounts deleted."]
    assert User.objects.filter(closed_at__isnull=False).count() == 2
