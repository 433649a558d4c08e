"""Malformed values in forms and query strings."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.helpers import registration_data
from config.tests.bad_input import ACCOUNT_FORMS, FORMS, MALFORMED, assert_no_server_error, malformed_values, post_form

QUERIES = {
    "/": ["x"],
    "/login/": ["username", "next"],
    "/register/": ["next"],
    "/register/student/": ["next"],
    "/students/": ["q", "page", "room"],
    "/teachers/": ["q", "page"],
    "/rooms/common/members/": ["q", "page", "requests"],
    "/rooms/common/members/updates/": ["q", "page", "requests"],
    "/users/sam/": ["before"],
    "/notifications/": ["page"],
    "/rooms/": ["beside", "home"],
    "/rooms/common/": ["before", "after", "at", "reply_to"],
    "/rooms/common/updates/": ["after"],
    "/rooms/common/people/": ["q"],
}


# The other fields of teachers who register are the ones of students.
FIELDS = [(url, field) for url, fields in (FORMS | ACCOUNT_FORMS).items() for field in fields]
FIELDS = [(url, field) for url, field in FIELDS if url != "/register/teacher/" or field == "invitation"]


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize(("url", "field"), FIELDS)
def test_form_handles_any_text(client_for, student, url, field):
    user = student if url in ACCOUNT_FORMS else None

    for value in malformed_values():
        with transaction.atomic():
            response = post_form(client_for(user), url, (FORMS | ACCOUNT_FORMS)[url] | {field: value})
            transaction.set_rollback(True)

        assert_no_server_error(response, 200, 302, 400)


@pytest.mark.parametrize("changed_value", [None, MALFORMED["5,000 digits"]], ids=["valid", "5,000 digits"])
@pytest.mark.parametrize("url", FORMS | ACCOUNT_FORMS)
def test_form_handles_invalid_fields_next_to_changed_ones(client_for, student, url, changed_value):
    client, fields = client_for(student if url in ACCOUNT_FORMS else None), (FORMS | ACCOUNT_FORMS)[url]
    changed = {name: changed_value or ("new@school.example" if name == "email" else "robin2") for name in fields}
    invalid = dict.fromkeys(fields, MALFORMED["nul inside"])

    # Each field is once the only invalid one, and once the only one that is not.
    for name in fields:
        for submitted in (changed | {name: invalid[name]}, invalid | {name: changed[name]}):
            with transaction.atomic():
                response = client.post(url, submitted)
                transaction.set_rollback(True)

            assert_no_server_error(response, 200, 302, 400)


@pytest.mark.parametrize(("url", "name"), [(url, name) for url, names in QUERIES.items() for name in names])
def test_query_string_handles_any_text(client_for, student, url, name):
    for user in (student, None):
        client = client_for(user)
        for value in malformed_values():
            response = client.get(url, {name: value[:4000]})

            assert_no_server_error(response, 200, 205, 302, 304, 400, 403, 404)


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "9" * 5000, "1.5", "", "last"])
@pytest.mark.parametrize("url", ["/students/", "/teachers/", "/notifications/"])
def test_invalid_page_number_shows_first_page(client_for, student, teacher, url, page):
    response = client_for(student).get(url, {"page": page})

    assert response.status_code == 200
    assert response.context["page"].number == 1


# All examples of a test share one database. Invalid forms write nothing, and the test deletes new users.
ANY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

BYTES = st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))


@pytest.mark.guarantee("bad-input")
@ANY
@given(data=st.data())
@pytest.mark.parametrize(
    "url", ["/register/student/", "/register/teacher/", "/login/", "/account/", "/password-reset/"]
)
def test_form_handles_any_bytes(client_for, student, url, data):
    fields = (FORMS | ACCOUNT_FORMS)[url]
    submitted = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, BYTES)))
    client = client_for(student if url in ACCOUNT_FORMS else None)
    User.objects.exclude(pk=student.pk).delete()

    assert_no_server_error(post_form(client, url, fields | submitted), 200, 302, 400)


@pytest.mark.parametrize("url", ["/register/student/", "/login/"])
def test_password_of_two_megabytes_is_rejected(client_for, url):
    huge = "x" * (2 * 1024 * 1024)

    response = client_for().post(url, {"username": "sam", "password": huge, "password1": huge, "password2": huge[:200]})

    # Two of them exceed DATA_UPLOAD_MAX_MEMORY_SIZE.
    assert_no_server_error(response, 200, 400)
    assert len(response.content) < 100_000


@pytest.mark.parametrize("url", ["/register/student/", "/login/", "/password-reset/"])
def test_two_thousand_fields_are_rejected(client_for, url):
    response = client_for().post(url, registration_data() | {f"field{number}": "x" for number in range(2000)})

    assert_no_server_error(response, 400)
    assert User.objects.filter(username="robin").count() == 0


@pytest.mark.parametrize("field", ["username", "email", "first_name"])
def test_file_in_text_field_is_ignored(client_for, student, field):
    file = SimpleUploadedFile("x.txt", b"sam", "text/plain")

    assert_no_server_error(client_for().post("/register/student/", registration_data() | {field: file}), 200, 302)
    assert_no_server_error(client_for(student).post("/account/", ACCOUNT_FORMS["/account/"] | {field: file}), 200, 302)
