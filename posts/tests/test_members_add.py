"""The page on which owners add people to a room."""

import pytest
from django.db import transaction

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from config.tests.bad_input import assert_no_server_error, malformed_values, post_form
from posts.models import Membership
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH, state_of
from posts.tests.support import html_of

State = Membership.State


def addresses(response):
    """Return the URLs of the buttons of the page, without the path of the list."""
    urls = [button.get("formaction") for button in Page(response).root.iter("button")]
    return [url.removeprefix(PATH) for url in urls if url]


def test_page_lists_active_users_who_are_not_members(client_for, room, teacher, outsider, deactivated, applicant):
    MembershipFactory(room=room, user=StudentFactory(username="was.here"), state=State.LEFT)
    responses = [client_for(teacher).get(f"{PATH}add/")]

    assert addresses(responses[0]) == ["olu/add/", "ren/add/", "was.here/add/"]


def test_administrators_cannot_add_inactive_users(client_for, room, admin, deactivated):
    assert "gone/add/" not in addresses(client_for(admin).get(f"{PATH}add/"))


def test_owner_sees_only_users_whom_they_can_see_elsewhere(
    client_for, room, teacher, outsider, pending_teacher, remove_from_common_room
):
    remove_from_common_room(teacher)

    assert addresses(client_for(teacher).get(f"{PATH}add/")) == ["mr.new/add/"]


def test_person_is_added_with_one_tap_and_the_search_stays(client_for, room, teacher, outsider):
    client = client_for(teacher)
    path = f"{PATH}add/?q=olu"
    page = Page(client.get(path))
    [button] = [each for each in page.root.iter("button") if each.get("formaction")]
    [field] = [each for each in page.by_id("member-form").iter("input") if each.get("name") == "next"]

    response = client.post(button.get("formaction"), {"next": field.get("value")}, follow=True)

    assert response.redirect_chain == [(path, 302)]
    assert "olu is now a member of Chemistry 9b." in Page(response).text()
    assert "No results for “olu”." in html_of(response)
    assert state_of(outsider, room) == State.MEMBER


def test_adding_a_person_who_has_asked_decides_the_request(client_for, room, teacher, applicant):
    client_for(teacher).post(f"{PATH}ren/add/")

    assert state_of(applicant, room) == State.MEMBER


@pytest.mark.parametrize("number", [2, 40])
def test_number_of_queries_is_fixed(client_for, django_assert_num_queries, room, teacher, number):
    StudentFactory.create_batch(number)
    client = client_for(teacher)

    with django_assert_num_queries(7):
        client.get(f"{PATH}add/", {"q": "person"})


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("name", ["q", "page"])
@pytest.mark.parametrize("path", [PATH, f"{PATH}add/"])
def test_query_string_of_an_owner_handles_any_text(client_for, room, teacher, path, name):
    client = client_for(teacher)

    for value in malformed_values():
        assert_no_server_error(client.get(path, {name: value[:4000]}), 200)


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("name", ["next", "reason", "until"])
@pytest.mark.parametrize("action", ["accept/", "ren/decline/", "sam/remove/"])
def test_fields_of_an_owner_handle_any_text(client_for, room, teacher, applicant, action, name):
    client = client_for(teacher)

    for value in malformed_values():
        with transaction.atomic():
            response = post_form(client, PATH + action, {name: value})
            transaction.set_rollback(True)

        assert_no_server_error(response, 200, 302, 400)
