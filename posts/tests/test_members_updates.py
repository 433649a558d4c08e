"""The fragment with which an open members page updates itself."""

import pytest

from accounts.models import User
from accounts.tests.helpers import Page
from posts.actions import accept_request, join_room, promote_member
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory
from posts.tests.members import PATH
from posts.tests.support import FETCH, html_of

State = Membership.State


def fetch(client, etag="", **query):
    return client.get(f"{PATH}updates/", query, headers=FETCH | {"If-None-Match": etag})


def join_by_code(room, user):
    Room.objects.filter(pk=room.pk).update(joining="code")
    join_room(user, room.join_code)


CHANGES = {
    "request": lambda room, user, teacher: join_room(user, room.join_code),
    "join": lambda room, user, teacher: join_by_code(room, user),
    "decision": lambda room, user, teacher: accept_request(room.memberships.get(user__username="ren"), teacher),
    "name": lambda room, user, teacher: User.objects.filter(username="sam").update(last_name="X"),
    "promotion": lambda room, user, teacher: promote_member(room.memberships.get(user__username="mr.cole"), teacher),
}


@pytest.mark.parametrize("change", CHANGES)
def test_list_is_sent_again_only_after_a_change(client_for, room, applicant, co_teacher, outsider, teacher, change):
    Membership.objects.filter(user=co_teacher).update(is_co_teacher=False)
    client = client_for(teacher)
    first = fetch(client)
    unchanged = fetch(client, first["ETag"])

    CHANGES[change](room, outsider, teacher)
    changed = fetch(client, first["ETag"])

    assert (first.status_code, unchanged.status_code, unchanged.content, changed.status_code) == (200, 304, b"", 200)
    assert changed["ETag"] != first["ETag"]


def test_fragment_is_the_list_of_the_page(client_for, room, applicant, teacher):
    client = client_for(teacher)
    query = {"q": "ren", "page": "1", "requests": "all"}

    assert html_of(fetch(client, **query)).strip() in html_of(client.get(PATH, query))


def test_only_pages_of_owners_poll(client_for, room, teacher, student, admin):
    def polled(user, path):
        boxes = Page(client_for(user).get(path)).root.iter("div")
        return next(box.get("data-url") for box in boxes if box.get("data-keyed") is not None)

    assert polled(teacher, f"{PATH}?q=sam") == f"{PATH}updates/?q=sam"
    # All students of a class can have the page open.
    assert polled(student, PATH) is None
    assert fetch(client_for(student)).status_code == 403
    assert polled(admin, "/rooms/common/members/") is None


@pytest.mark.parametrize(
    ("change", "status"),
    [({"state": State.REMOVED}, 404), ({"state": State.LEFT}, 404), ({"is_co_teacher": False}, 403)],
)
def test_former_owner_gets_no_list(client_for, room, co_teacher, change, status):
    client = client_for(co_teacher)
    etag = fetch(client)["ETag"]
    Membership.objects.filter(user=co_teacher, room=room).update(**change)

    assert fetch(client, etag).status_code == status


def test_requests_of_new_users_are_at_the_end(client_for, room, applicant, outsider, teacher):
    MembershipFactory(room=room, user=outsider, state=State.APPLIED)

    page = Page(fetch(client_for(teacher)))

    assert [row.get("data-key") for row in page.by_class("item")][:2] == [str(applicant.pk), str(outsider.pk)]
