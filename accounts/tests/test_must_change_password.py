"""Users whose password another person has seen must choose a new one."""

import pytest

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import NEW_PASSWORD, Page, error_codes, sign_in
from accounts.tests.passwords import open_reset_link, request_reset, reset_path
from posts.tests.support import FETCH

URL = "/account/password/"
CHANGE = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}


@pytest.fixture
def pupil(student):
    """A student who must change their password."""
    User.objects.filter(pk=student.pk).update(must_change_password=True)
    student.refresh_from_db()
    return student


def test_sign_in_leads_to_the_new_password_and_then_to_the_page(client, pupil):
    sign_in(client, "sam", url="/login/?next=/rooms/common/")
    page = client.get("/rooms/common/", follow=True)
    assert page.redirect_chain == [(f"{URL}?next=/rooms/common/", 302)]
    assert "Choose a new password" in Page(page).text()

    response = client.post(page.request["PATH_INFO"] + "?next=/rooms/common/", CHANGE)

    assert (response.status_code, response["Location"]) == (302, "/rooms/common/")
    pupil.refresh_from_db()
    assert (pupil.must_change_password, client.get("/rooms/common/").status_code) == (False, 200)


@pytest.mark.parametrize("path", ["/notifications/unread/", "/rooms/common/updates/", "/rooms/common/"])
def test_requests_of_scripts_are_refused(client_for, pupil, path):
    response = client_for(pupil).get(path, headers=FETCH)

    assert response.status_code == 403
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("path", ["/admin/", "/home/", "/account/", "/account/export/"])
def test_page_redirects_to_the_new_password(client_for, pupil, path):
    response = client_for(pupil).get(path)

    assert (response.status_code, response["Location"]) == (302, f"{URL}?next={path}")


def test_submitted_form_redirects_without_a_way_back(client_for, pupil):
    response = client_for(pupil).post("/account/delete/", {"password": PASSWORD, "understood": "on"})

    assert (response.status_code, response["Location"]) == (302, URL)


def test_page_has_no_links_to_other_pages_and_no_stream(client_for, pupil):
    html = client_for(pupil).get(URL).content.decode()

    assert [part for part in ("data-live", "data-badge", 'href="/home/"', 'href="/account/') if part in html] == []
    assert 'action="/logout/"' in html


def test_user_can_sign_out_and_change_the_theme(client_for, pupil):
    client = client_for(pupil)

    assert client.post("/theme/", {"theme": "dark", "next": URL})["Location"] == URL
    assert client.post("/logout/")["Location"] == "/login/student/"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example", "javascript:alert(1)", ""])
def test_change_redirects_only_within_the_site(client_for, pupil, target):
    assert client_for(pupil).post(f"{URL}?next={target}", CHANGE)["Location"] == "/account/"


def test_new_password_must_differ(client_for, pupil):
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}

    response = client_for(pupil).post(URL, same)

    assert error_codes(response) == {"new_password1": ["same_password"]}
    pupil.refresh_from_db()
    assert pupil.must_change_password


def test_wrong_old_password_does_not_reveal_the_right_one(client_for, pupil):
    guess = {"old_password": "wrong horse staple", "new_password1": PASSWORD, "new_password2": PASSWORD}

    assert error_codes(client_for(pupil).post(URL, guess)) == {"old_password": ["password_incorrect"]}


def test_reset_by_email_also_ends_with_a_new_password(pupil):
    request_reset(pupil.email)
    client, _response, path = open_reset_link(reset_path())

    same = client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.post(path, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})

    assert error_codes(same) == {"new_password1": ["same_password"]}
    pupil.refresh_from_db()
    assert not pupil.must_change_password


def test_password_that_an_administrator_sets_must_still_be_changed(client_for, admin, pupil):
    data = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true", "set-password": "1"}

    client_for(admin).post(f"/admin/accounts/user/{pupil.pk}/password/", data)

    pupil.refresh_from_db()
    assert (pupil.check_password(NEW_PASSWORD), pupil.must_change_password) == (True, True)


def test_other_users_can_use_the_same_password_again(client_for, student):
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}

    assert client_for(student).post(URL, same).status_code == 302
