"""Sessions that end, and accounts that are closed, while a request of the user is processed."""

import types

import pytest
from django.contrib import messages
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.urls import path

from accounts import actions
from accounts.models import Session, User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page
from config import urls as project
from config.refusals import Refusal

CHANGES = {
    "deactivate": lambda user, admin: actions.deactivate_users(User.objects.filter(pk=user.pk), admin),
    "demote": lambda user, admin: actions.change_role(User.objects.filter(pk=user.pk), "teacher", admin),
    "sign_out": lambda user, admin: actions.end_sessions(user, admin),
    "close": lambda user, admin: actions.close_account(User.objects.get(pk=user.pk), admin),
}


@pytest.fixture
def race(admin, settings):
    """Return a function that adds a view in which `change` happens before `finish` returns the response."""

    def add_view(change, finish):
        def view(request):
            CHANGES[change](User.objects.get(pk=request.user.pk), admin)
            return finish(request)

        urls = types.ModuleType("accounts.tests.race_urls")
        vars(urls).update(vars(project))
        urls.urlpatterns = [path("race/", view), *project.urlpatterns]
        settings.ROOT_URLCONF = urls

    return add_view


def show_message(request):
    messages.success(request, "Saved.")
    return HttpResponse("done")


def refuse(request):
    raise Refusal


@pytest.mark.parametrize("finish", [show_message, refuse])
@pytest.mark.parametrize("change", CHANGES)
def test_lost_race_leads_to_sign_in_page(client_for, student, race, change, finish):
    race(change, finish)

    response = client_for(student).post("/race/?x=1", follow=True)

    assert response.redirect_chain == [("/login/?next=/race/%3Fx%3D1", 302)]
    assert Page(response).by_id("id_username") is not None
    assert not Session.objects.filter(user=student).exists()


@pytest.mark.parametrize("change", ["deactivate", "close"])
def test_session_is_not_saved_after_the_account_was_closed(rf, student, admin, change):
    def get_response(request):
        actions.sign_in(request, student, remember=False)
        CHANGES[change](student, admin)
        return HttpResponse()

    with pytest.raises(SessionInterrupted):
        SessionMiddleware(get_response)(rf.post("/login/"))

    assert not Session.objects.exists()


def test_account_deactivated_during_sign_in_gets_the_generic_error(client, student, admin, monkeypatch):
    sign_in = actions.sign_in

    def deactivate_first(*args, **kwargs):
        CHANGES["deactivate"](student, admin)
        return sign_in(*args, **kwargs)

    monkeypatch.setattr(actions, "sign_in", deactivate_first)

    response = client.post("/login/", {"username": "sam", "password": PASSWORD})

    assert response.status_code == 200
    assert "Invalid username or password." in Page(response).text()
    assert not Session.objects.filter(user=student).exists()
