"""Registration."""

import pytest
from django.contrib.admin.models import ADDITION

from accounts.models import Student, Teacher, User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, only_log_entry, registration_data

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("url", [STUDENT, TEACHER])


@pytest.mark.parametrize(
    ("url", "model", "message", "login"),
    [
        (STUDENT, Student, "Congratulations, you are now a registered student!", "/login/student/?username=robin"),
        (TEACHER, Teacher, "Congratulations, you are now a registered teacher!", "/login/teacher/?username=robin"),
    ],
)
def test_registration_redirects_to_login_page_with_username(client, db, url, model, message, login):
    response = client.post(url, registration_data(), follow=True)

    user = model.objects.get(username="robin")
    assert response.redirect_chain == [(login, 302)]
    page = Page(response)
    assert [page.text(box) for box in page.by_class("alert")] == [message]
    assert page.value("username") == "robin"
    assert user.check_password(PASSWORD)
    assert (user.email, user.location) == ("robin@school.example", "House Elm")
    assert (user.description, user.approved_at) == ("Chess, bees and long walks.", None)
    assert only_log_entry() == (user.pk, str(user.pk), ADDITION, [], "")
    assert not response.wsgi_request.user.is_authenticated


@BOTH
def test_location_and_description_are_optional(client, db, url):
    response = client.post(url, registration_data(location=None, description=None))

    assert response.status_code == 302
    assert User.objects.values_list("location", "description").get() == ("", "")


@BOTH
def test_values_except_passwords_are_preserved_after_error(client, db, url):
    data = registration_data(username="no spaces", email="Robin@School", description="Line one,\r\nline <two>.")

    response = client.post(url, data)

    page = Page(response)
    assert [page.value(name) for name in ("username", "email", "location")] == [
        "no spaces",
        "Robin@School",
        "House Elm",
    ]
    assert page.value("description").replace("\r\n", "\n") == "Line one,\nline <two>."
    assert PASSWORD not in response.content.decode()
    assert not User.objects.exists()


@BOTH
def test_errors_are_shown_in_summary_and_at_fields(client, db, url):
    data = {"username": "x", "email": "nowhere", "password1": "short", "password2": "short", "location": "ab"}

    page = Page(client.post(url, data))

    summary, ids = page.error_summary()
    assert ids == ["id_username", "id_email", "id_password1", "id_location"]
    for id_ in ids:
        error = page.field_error(id_.removeprefix("id_"))
        assert error
        assert error in summary
    assert page.field_error("description") == ""


@BOTH
def test_registration_logs_no_warning(client, db, caplog, url):
    client.post(url, registration_data())

    assert not [record for record in caplog.records if record.levelname not in ("DEBUG", "INFO")]


@pytest.mark.parametrize("url", ["/", "/register/", STUDENT, TEACHER])
def test_signed_in_user_is_redirected_home(client_for, student, url):
    assert client_for(student).get(url).headers["Location"] == "/home/"


def test_signed_in_user_cannot_register(client_for, student):
    client_for(student).post(STUDENT, registration_data())

    assert User.objects.count() == 1
