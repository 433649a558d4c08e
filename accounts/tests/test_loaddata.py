"""Commands that load users: fixtures and the demo school."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.management import call_command

from accounts.audit import fields_of, reason_of
from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def test_loaddata_records_new_and_changed_users(student, classmate, tmp_path):
    fixture = tmp_path / "users.json"
    new = StudentFactory(username="ida")
    User.objects.update(date_joined=datetime(2026, 1, 1, tzinfo=UTC))  # fixtures contain no microseconds
    dump = io.StringIO()
    call_command("dumpdata", "accounts.user", "admin.logentry", stdout=dump)
    User.objects.filter(pk=student.pk).update(location="House Elm", is_active=False)
    new.delete()
    fixture.write_text(dump.getvalue())

    call_command("loaddata", fixture, verbosity=0)

    log = {entry.object_repr: entry for entry in LogEntry.objects.all()}
    assert {name: (entry.action_flag, fields_of(entry)) for name, entry in log.items()} == {
        "ida": (ADDITION, []),
        "sam": (CHANGE, ["is_active", "location"]),
    }
    assert {reason_of(entry) for entry in log.values()} == {"manage.py loaddata"}
    assert [entry.user.username for entry in log.values()] == [*log]


def test_failed_loaddata_records_nothing(student, tmp_path):
    fixture = tmp_path / "users.json"
    fields = {"username": "ida", "email": "ida@school.example"}
    rows = [{"model": "accounts.user", "fields": fields}, {"model": "accounts.user", "fields": fields}]
    fixture.write_text(json.dumps(rows))

    with pytest.raises(Exception, match="Could not load"):
        call_command("loaddata", fixture, verbosity=0)

    assert User.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_populate_gives_the_command_as_reason():
    populate(students=3, teachers=2, posts=0)

    assert LogEntry.objects.filter(content_type__model="user").count() == User.objects.count()
    assert {reason_of(entry) for entry in LogEntry.objects.all()} == {"manage.py populate"}
