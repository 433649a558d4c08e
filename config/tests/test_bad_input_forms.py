"""Malformed values in forms and query strings."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.tests.helpers import filled
from config.tests.bad_input import FORMS, NASTY, OWN_FORMS, assert_calm, each, send

QUERIES = {
    "/": ["x"],
    "/login/": ["username", "next"],
    "/students/": ["q", "page"],
    "/teachers/": ["q", "page"],
    "/users/sam/": ["before"],
    "/notifications/": ["page"],
    "/rooms/common/": ["before", "after", "at", "reply_to"],
    "/rooms/common/updates/": ["after"],
}


@pytest.mark.parametrize(
    ("address", "field"), [(address, field) for address, fields in (FORMS | OWN_FORMS).items() for field in fields]
)
def test_a_form_takes_any_text_or_says_what_is_wrong(anybody, student, address, field):
    person = student if address in OWN_FORMS else None

    for _name, value in each(NASTY):
        with transaction.atomic():
            response = send(anybody(person), address, (FORMS | OWN_FORMS)[address] | {field: value})
            transaction.set_rollback(True)

        assert_calm(response, 200, 302, 400)


@pytest.mark.parametrize(("address", "name"), [(address, name) for address, names in QUERIES.items() for name in names])
def test_a_query_takes_any_text(anybody, student, address, name):
    for person in (student, None):
        client = anybody(person)
        for _name, value in each(NASTY):
            response = client.get(address, {name: value[:4000]})

            assert_calm(response, 200, 205, 302, 304, 400)


@pytest.mark.parametrize("page", ["-1", "0", "abc", "99999999999999999999", "9" * 5000, "1.5", "", "last"])
@pytest.mark.parametrize("address", ["/students/", "/teachers/", "/notifications/"])
def test_a_page_that_is_none_shows_one_that_is(as_, student, teacher, address, page):
    response = as_(student).get(address, {"page": page})

    assert response.status_code == 200
    assert response.context["page"].number == 1


# One example at a time in one database: a form that is refused writes nothing, and one that is taken is taken back.
ANY = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

BYTES = st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))


@ANY
@given(data=st.data())
@pytest.mark.parametrize(
    "address", ["/register/student/", "/register/teacher/", "/login/", "/account/", "/password-reset/"]
)
def test_a_form_takes_any_bytes(anybody, student, address, data):
    fields = (FORMS | OWN_FORMS)[address]
    sent = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, BYTES)))
    client = anybody(student if address in OWN_FORMS else None)
    User.objects.exclude(pk=student.pk).delete()

    assert_calm(send(client, address, fields | sent), 200, 302, 400)


@pytest.mark.parametrize("address", ["/register/student/", "/login/"])
def test_a_password_of_two_megabytes_is_refused_quickly(anybody, address):
    huge = "x" * (2 * 1024 * 1024)

    response = anybody().post(
        address, {"username": "sam", "password": huge, "password1": huge, "password2": huge[:200]}
    )

    # Two of them are more than a request may hold.
    assert_calm(response, 200, 400)
    assert len(response.content) < 100_000


@pytest.mark.parametrize("address", ["/register/student/", "/login/", "/password-reset/"])
def test_two_thousand_fields_are_refused(anybody, address):
    response = anybody().post(address, filled() | {f"field{number}": "x" for number in range(2000)})

    assert_calm(response, 400)
    assert User.objects.filter(username="robin").count() == 0


@pytest.mark.parametrize("field", ["username", "email", "first_name"])
def test_a_file_where_text_is_due_is_no_text(anybody, student, field):
    file = SimpleUploadedFile("x.txt", b"sam", "text/plain")

    assert_calm(anybody().post("/register/student/", filled() | {field: file}), 200, 302)
    assert_calm(anybody(student).post("/account/", OWN_FORMS["/account/"] | {field: file}), 200, 302)
