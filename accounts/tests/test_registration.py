"""Registration."""

import pytest
from django.contrib.admin.models import ADDITION

from accounts.models import Student, Teacher, User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, filled, the_one_entry

STUDENT, TEACHER = "/register/student/", "/register/teacher/"

BOTH = pytest.mark.parametrize("address", [STUDENT, TEACHER])


def errors_of(response):
    """Return {field: codes} of a refused form."""
    assert response.status_code == 200
    return {
        name: [error["code"] for error in of] for name, of in response.context["form"].errors.get_json_data().items()
    }


@pytest.mark.parametrize(
    ("address", "model", "sentence", "login"),
    [
        (STUDENT, Student, "Congratulations, you are now a registered student!", "/login/student/?username=robin"),
        (TEACHER, Teacher, "Congratulations, you are now a registered teacher!", "/login/teacher/?username=robin"),
    ],
)
def test_registering_congratulates_and_leads_to_the_login_page_with_the_name_filled_in(
    client, db, address, model, sentence, login
):
    response = client.post(address, filled(), follow=True)

    person = model.objects.get(username="robin")
    assert response.redirect_chain == [(login, 302)]
    page = Page(response)
    assert [page.text(box) for box in page.by_class("alert")] == [sentence]
    assert page.value("username") == "robin"
    assert person.check_password(PASSWORD)
    assert (person.email, person.location) == ("robin@school.example", "House Elm")
    assert (person.description, person.approved_at) == ("Chess, bees and long walks.", None)
    assert the_one_entry() == (person.pk, str(person.pk), ADDITION, [], "")
    assert not response.wsgi_request.user.is_authenticated


@BOTH
def test_location_and_description_may_be_left_out(client, db, address):
    response = client.post(address, filled(location=None, description=None))

    assert response.status_code == 302
    assert User.objects.values_list("location", "description").get() == ("", "")


@BOTH
def test_what_was_typed_stays_after_an_error_and_passwords_are_never_sent_back(client, db, address):
    typed = filled(username="no spaces", email="Robin@School", description="Line one,\r\nline <two>.")

    response = client.post(address, typed)

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
def test_errors_are_summed_up_at_the_top_and_stand_beside_their_fields(client, db, address):
    wrong = {"username": "x", "email": "nowhere", "password1": "short", "password2": "short", "location": "ab"}

    page = Page(client.post(address, wrong))

    summary, leads_to = page.error_summary()
    assert leads_to == ["id_username", "id_email", "id_password2", "id_location"]
    for id_ in leads_to:
        error = page.error_beside(id_.removeprefix("id_"))
        assert error
        assert error in summary
    assert page.error_beside("description") == ""


@BOTH
def test_registering_leaves_no_warning_in_the_log(client, db, caplog, address):
    client.post(address, filled())

    assert not [record for record in caplog.records if record.levelname not in ("DEBUG", "INFO")]


@pytest.mark.parametrize("address", ["/", "/register/", STUDENT, TEACHER])
def test_somebody_who_is_signed_in_goes_home_instead(as_, student, address):
    assert as_(student).get(address).headers["Location"] == "/home/"


def test_somebody_who_is_signed_in_registers_nobody(as_, student):
    as_(student).post(STUDENT, filled())

    assert User.objects.count() == 1
