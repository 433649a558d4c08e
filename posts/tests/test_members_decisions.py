"""Accepting and declining join requests."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH, message_of, state_of

State = Membership.State


@pytest.mark.parametrize("owner", ["teacher", "co_teacher", "admin"])
@pytest.mark.parametrize(
    ("action", "state", "text"),
    [
        ("accept", State.MEMBER, "Ren Mori is now a member of Chemistry 9b."),
        ("decline", State.DECLINED, "You declined the request from Ren Mori to join Chemistry 9b."),
    ],
)
def test_owner_decides_in_one_request(client_for, request, room, applicant, owner, action, state, text):
    response = client_for(request.getfixturevalue(owner)).post(f"{PATH}ren/{action}/")

    assert (response.status_code, response["Location"]) == (302, PATH)
    assert (message_of(response), state_of(applicant, room)) == (text, state)
    assert applicant.notifications.get().kind == {"accept": "accepted", "decline": "declined"}[action]


@pytest.mark.parametrize("action", ["accept", "decline"])
def test_second_decision_changes_nothing(client_for, room, applicant, teacher, co_teacher, action):
    client_for(teacher).post(f"{PATH}ren/decline/")

    response = client_for(co_teacher).post(f"{PATH}ren/{action}/")

    assert message_of(response) == "The request from Ren Mori to join Chemistry 9b is no longer open."
    assert state_of(applicant, room) == State.DECLINED
    assert Notification.objects.filter(recipient=applicant).count() == 1


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("/home/teacher/", "/home/teacher/"),
        (f"{PATH}?q=mori&page=2", f"{PATH}?q=mori&page=2"),
        ("https://evil.example/", PATH),
        ("//evil.example/", PATH),
        ("javascript:alert(1)", PATH),
        ("", PATH),
    ],
)
def test_decision_redirects_to_the_page_where_it_was_made(client_for, applicant, teacher, url, location):
    response = client_for(teacher).post(f"{PATH}ren/accept/", {"next": url})

    assert response["Location"] == location


def test_all_requests_are_accepted(client_for, room, applicant, outsider, teacher):
    MembershipFactory(room=room, user=outsider, state=State.APPLIED)

    responses = [client_for(teacher).post(f"{PATH}accept/") for _attempt in range(2)]

    assert [message_of(response) for response in responses] == [
        "2 people are now members of Chemistry 9b.",
        "0 people are now members of Chemistry 9b.",
    ]
    assert {state_of(applicant, room), state_of(outsider, room)} == {State.MEMBER}


def test_request_that_the_page_has_not_shown_is_not_accepted(client_for, room, applicant, outsider, teacher):
    MembershipFactory(room=room, user=StudentFactory(), state=State.APPLIED)
    page = Page(client_for(teacher).get(PATH))
    button = next(node for node in page.root.iter("button") if "Accept all 2" in "".join(node.itertext()))
    late = timezone.now() + timedelta(seconds=1)
    MembershipFactory(room=room, user=outsider, state=State.APPLIED, state_changed_at=late)

    client_for(teacher).post(button.get("formaction"), {button.get("name"): button.get("value")})

    assert (state_of(applicant, room), state_of(outsider, room)) == (State.MEMBER, State.APPLIED)


@pytest.mark.parametrize("until", ["x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\0", "9" * 5000])
def test_invalid_time_returns_400(client_for, room, applicant, teacher, until):
    assert client_for(teacher).post(f"{PATH}accept/", {"until": until}).status_code == 400
    assert state_of(applicant, room) == State.APPLIED


@pytest.mark.parametrize("path", ["accept/", "sam/accept/", "sam/decline/", "sam/add/", "sam/promote/", "sam/demote/"])
def test_visitor_is_redirected_to_the_list(client_for, room, path):
    response = client_for(None).post(PATH + path)

    assert response["Location"] == f"/login/?next={PATH}"
