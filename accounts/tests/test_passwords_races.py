"""A password that another person sets while a request of the user is processed."""

import pytest
from django.contrib.auth.hashers import make_password

from accounts.actions import set_initial_password
from accounts.forms import ProfileForm, SetPasswordForm
from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, save_profile
from accounts.tests.passwords import open_reset_link, request_reset, reset_path
from config.transactions import writing

RESET = "four short plain words"


@pytest.fixture
def reset_after_validation(monkeypatch, student, teacher):
    """Return a function that makes a form reset the password of `student` after it has validated a request."""

    def patch(form_class):
        clean = form_class.clean

        def clean_and_reset(form):
            cleaned = clean(form)
            with writing():
                set_initial_password(User.objects.lock([student.pk])[student.pk], make_password(RESET), teacher)
            return cleaned

        monkeypatch.setattr(form_class, "clean", clean_and_reset)

    return patch


def change_password(client, student):
    data = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return client.post("/account/password/", data, follow=True)


def change_email(client, student):
    return save_profile(client, student, email="other@school.example", current_password=PASSWORD)


@pytest.mark.parametrize(("form_class", "change"), [(SetPasswordForm, change_password), (ProfileForm, change_email)])
def test_request_with_the_old_password_changes_nothing(client_for, student, reset_after_validation, form_class, change):
    client = client_for(student)
    reset_after_validation(form_class)

    change(client, student)

    changed = User.objects.get(pk=student.pk)
    assert (changed.check_password(RESET), changed.must_change_password, changed.email) == (True, True, student.email)
    assert client.get("/account/").status_code == 302


def test_reset_link_from_before_changes_nothing(student, reset_after_validation):
    request_reset(student.email)
    client, _response, path = open_reset_link(reset_path())
    reset_after_validation(SetPasswordForm)

    response = client.post(path, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})

    assert response.status_code == 403
    assert "Your password was changed in the meantime." in Page(response).text()
    assert User.objects.get(pk=student.pk).check_password(RESET)
