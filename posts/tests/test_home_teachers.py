"""Teachers awaiting approval on the home page of administrators, and their approval."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import QueuedEmail
from accounts.tests.factories import TeacherFactory
from accounts.tests.helpers import Page
from posts.live.queries import viewers
from posts.models import Membership, Notification
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.members import message_of

HOME = "/home/administrator/"


def buttons(page):
    """Return the URLs of the buttons on the page."""
    return [button.get("formaction") for button in page.root.iter("button") if button.get("formaction")]


def test_teacher_is_approved_from_home_with_one_tap(client_for, admin, pending_teacher, teacher):
    TeacherFactory(username="was.refused", approved_at=None, is_active=False)
    client = client_for(admin)
    page = Page(client.get(HOME))
    assert "Needs your attention 1 MR mr.new" in page.text()
    assert buttons(page) == ["/users/mr.new/approve/"]
    [back] = [field.get("value") for field in page.by_id("member-form").iter("input") if field.get("name") == "next"]

    response = client.post(buttons(page)[0], {"next": back}, follow=True)

    assert response.redirect_chain == [(HOME, 302)]
    assert "mr.new is now an approved teacher." in Page(response).text()
    assert "Needs your attention" not in Page(response).text()
    pending_teacher.refresh_from_db()
    assert pending_teacher.is_teacher
    assert LogEntry.objects.get().user == admin


def test_approved_teacher_is_notified_once_and_emailed(client_for, admin, pending_teacher):
    for _time in range(2):
        response = client_for(admin).post("/users/mr.new/approve/")

    assert (response["Location"], message_of(response)) == ("/users/mr.new/", "mr.new is not awaiting approval.")
    notification = Notification.objects.get()
    assert (notification.recipient, notification.actor, notification.room) == (pending_teacher, admin, None)
    assert QueuedEmail.objects.count() == 1
    assert viewers({pending_teacher.pk})[pending_teacher.pk].unread == 1  # in live streams
    client = client_for(pending_teacher)
    assert client.get("/notifications/unread/").json() == {"unread": 1}
    assert "head approved your account" in Page(client.get("/notifications/")).text()
    assert client.get(f"/notifications/{notification.pk}/")["Location"] == "/home/"
    assert client.get("/notifications/unread/").json() == {"unread": 0}


def test_lookalike_is_reviewed_in_the_admin_before_approval(client_for, admin, teacher):
    lookalike = TeacherFactory(username="ms.ha1e", approved_at=None)

    response = client_for(admin).post("/users/ms.ha1e/approve/", {"next": HOME})

    assert response["Location"] == f"/admin/accounts/teacher/{lookalike.pk}/change/"
    assert "looks like: ms.hale" in message_of(response)
    lookalike.refresh_from_db()
    assert lookalike.is_pending


@pytest.mark.parametrize("name", ["sam", "ms.hale", "refused"])
def test_other_users_cannot_be_approved(client_for, admin, student, teacher, name):
    refused = TeacherFactory(username="refused", approved_at=None, is_active=False)

    response = client_for(admin).post(f"/users/{name}/approve/")

    refused.refresh_from_db()
    assert message_of(response).endswith("is not awaiting approval.")
    assert (refused.approved_at, Notification.objects.count()) == (None, 0)


def test_section_counts_everything_and_links_to_the_rest(client_for, admin):
    TeacherFactory.create_batch(6, approved_at=None)
    MembershipFactory.create_batch(7, room=RoomFactory(owner=None), state=Membership.State.APPLIED)

    page = Page(client_for(admin).get(HOME))

    assert "Needs your attention 13 " in page.text()
    assert "6 teachers awaiting approval" in page.text()
    assert "/admin/accounts/teacher/?state=waiting" in page.links()
    assert len(buttons(page)) == 5 + 2 * 5
