"""Download of the members as a CSV file."""

import csv
import io
import time
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit import fields_of
from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts.models import Membership
from posts.spreadsheets import safe_cell, write_csv
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH

HEADER = ["username", "name", "email", "role", "joined", "never signed in"]


def export(client):
    response = client.post(f"{PATH}export/")
    assert response.status_code == 200
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_file_has_a_row_for_each_member(client_for, room, teacher, co_teacher, applicant, classmate):
    joined = datetime(2026, 9, 1, 23, 30, tzinfo=UTC)
    Membership.objects.update(state_changed_at=joined)
    User.objects.filter(pk=classmate.pk).update(last_login=joined, email=None)

    assert export(client_for(teacher)) == [
        HEADER,
        ["ms.hale", "Ada Hale", "ms.hale@school.example", "owner", "2026-09-01", ""],
        ["mr.cole", "Ben Cole", "mr.cole@school.example", "co-teacher", "2026-09-01", "yes"],
        ["kim", "Kim Lund", "", "student", "2026-09-01", ""],
        ["sam", "Sam Okafor", "sam@school.example", "student", "2026-09-01", "yes"],
    ]


def test_download_is_recorded_and_named_after_the_room(client_for, room, co_teacher):
    response = client_for(co_teacher).post(f"{PATH}export/")

    assert response["Content-Disposition"] == 'attachment; filename="members-chemistry.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_repr, fields_of(entry)) == (co_teacher.pk, "Chemistry 9b", ["export"])


def test_get_request_exports_nothing(client_for, room, teacher):
    assert client_for(teacher).get(f"{PATH}export/").status_code == 405
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("x;=1", "x;'=1"),
        ('x",=1', "x\",'=1"),
        ("Anne-Marie", "Anne-Marie"),
        ("O'Neil", "O'Neil"),
        ("a@b.example", "a@b.example"),
        ("", ""),
    ],
)
def test_formulas_become_texts(text, safe):
    assert safe_cell(text) == safe


@given(st.lists(st.lists(st.text("=+-@;,\"'\t\r\n x"), min_size=1, max_size=4), max_size=5))
def test_no_cell_starts_a_formula(rows):
    for separator in ",;\t":
        text = write_csv(rows).removeprefix("\ufeff")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False):
            assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@")]


def test_name_with_a_formula_is_exported_as_a_text(client_for, room, teacher):
    MembershipFactory(room=room, user=StudentFactory(first_name="=HYPERLINK(1)", last_name=""))

    assert "'=HYPERLINK(1)" in [row[1] for row in export(client_for(teacher))]


def test_500_members_take_few_queries_and_little_time(client_for, django_assert_num_queries, room, teacher):
    users = User.objects.bulk_create(
        User(username=f"user{number}", email=f"u{number}@school.example") for number in range(500)
    )
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)
    client = client_for(teacher)
    export(client)

    start = time.process_time()
    with django_assert_num_queries(12):
        rows = export(client)

    assert len(rows) == 504
    assert time.process_time() - start < 0.5
