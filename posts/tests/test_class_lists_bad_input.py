"""Class lists with any bytes, long lists, and formulas."""

from time import process_time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.helpers import Page
from config.tests.bad_input import assert_no_server_error, malformed_values, post_form
from posts import actions
from posts.class_lists import MAX_ROWS, Outcome, Row
from posts.models import Membership
from posts.tests.test_class_lists_properties import LARGE, files, texts

URL = "/rooms/chemistry/members/import/"
# All examples of a test share one database.
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def teachers_client(teacher, room):
    client = Client(raise_request_exception=False)
    client.force_login(teacher)
    return client


@pytest.mark.guarantee("class-lists")
@ANY
@given(data=files, is_confirmed=st.booleans())
def test_any_file_is_a_preview_or_a_form_error(teachers_client, data, is_confirmed):
    with transaction.atomic():
        fields = {"confirm": "yes"} if is_confirmed else {}
        response = teachers_client.post(URL, {"file": SimpleUploadedFile("x.csv", data)} | fields)
        transaction.set_rollback(True)

    assert_no_server_error(response, 200, 302)


@pytest.mark.guarantee("class-lists")
@ANY
@given(rows=texts | st.binary(), is_confirmed=st.booleans())
def test_any_text_is_a_preview_or_a_form_error(teachers_client, rows, is_confirmed):
    with transaction.atomic():
        rows = rows.encode("utf-8", "surrogatepass") if isinstance(rows, str) else rows
        fields = {"confirm": "yes"} if is_confirmed else {}
        response = post_form(teachers_client, URL, {"rows": rows} | fields)
        transaction.set_rollback(True)

    assert_no_server_error(response, 200, 302)


@pytest.mark.parametrize("column", range(4))
def test_malformed_values_in_each_column(teachers_client, column):
    for value in malformed_values():
        cells = [b"ida", b"Ida", b"Wells", b"ida@school.example"]
        cells[column] = value
        with transaction.atomic():
            response = post_form(teachers_client, URL, {"rows": b"\t".join(cells), "confirm": "yes"})
            transaction.set_rollback(True)

        assert_no_server_error(response, 200, 302)


@pytest.mark.guarantee("class-lists")
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_file_takes_two_seconds_of_cpu_time_at_most(teachers_client, text, record_property):
    start = process_time()
    response = teachers_client.post(URL, {"file": SimpleUploadedFile("x.csv", text.encode())})
    seconds = process_time() - start

    assert_no_server_error(response, 200)
    assert not User.objects.filter(username__startswith="kim.").exists()
    assert seconds < 2
    record_property("figure", f"a list of {len(text) >> 10} KB is rejected or shown in {seconds:.1f} s of CPU time")


def test_file_of_ten_megabytes_is_a_form_error(teachers_client):
    response = teachers_client.post(URL, {"file": SimpleUploadedFile("x.csv", b"kim,Kim\n" * 1_300_000)})

    assert Page(response).field_error("file") == "Use a list of at most 1 MB."


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")', "|x", "%0"]


@pytest.mark.guarantee("class-lists")
@pytest.mark.parametrize("formula", FORMULAS)
def test_formula_is_text_in_a_name_and_an_error_in_a_username(teachers_client, formula):
    quoted = '"' + formula.replace('"', '""') + '"'

    teachers_client.post(URL, {"rows": f"ida,{quoted},x@school.example", "confirm": "yes"})
    response = teachers_client.post(URL, {"rows": f"{quoted},Ida", "confirm": "yes"})

    assert User.objects.get(username="ida").full_name == formula.strip()
    assert response.context["form"].errors.as_data()["rows"][0].code == "invalid_lines"


def long_list(number=MAX_ROWS):
    return "".join(f"pupil.{index},Pupil {index} Łukasik,pupil{index}@s.example\n" for index in range(number))


@pytest.mark.guarantee("class-lists")
def test_thousand_rows_take_four_seconds_of_cpu_time_at_most(teachers_client, teacher, room, record_property):
    rows = [Row(n, f"pupil.{n}", "Pupil", f"No {n}", f"p{n}@s.example", Outcome.NEW) for n in range(MAX_ROWS)]
    start = process_time()

    actions.import_class_list(room, rows, teacher)

    seconds = process_time() - start
    record_property("figure", f"1,000 accounts are created in {seconds:.1f} s of CPU time")
    assert Membership.objects.filter(room=room, created_account=True).count() == MAX_ROWS
    assert seconds < 4


def test_queries_of_a_preview_do_not_depend_on_the_number_of_lines(teachers_client, django_assert_num_queries):
    teachers_client.post(URL, {"rows": long_list(1)})

    for number in (1, MAX_ROWS):
        with django_assert_num_queries(8):
            assert teachers_client.post(URL, {"rows": long_list(number)}).context["form"].is_valid()
