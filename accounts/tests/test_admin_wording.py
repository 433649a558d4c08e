"""The wording of the admin is the site's own, not Django's."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION

from accounts import actions
from accounts.audit import record
from accounts.models import User
from accounts.tests.admin import LOG, USERS, change_url
from accounts.tests.helpers import Page
from posts.tests.admin import MEMBERSHIPS, NOTIFICATIONS, POSTS, ROOMS
from posts.tests.factories import PostFactory

TITLES = {
    USERS: "Users",
    "/admin/accounts/student/": "Students",
    "/admin/accounts/teacher/": "Teachers",
    "/admin/accounts/invitation/": "Invitations",
    "/admin/accounts/session/": "Sessions",
    LOG: "Audit log",
    ROOMS: "Rooms",
    MEMBERSHIPS: "Memberships",
    POSTS: "Posts",
    NOTIFICATIONS: "Notifications",
}


@pytest.mark.parametrize("address", TITLES)
def test_title_of_a_list_is_its_name(admin_client, address):
    page = Page(admin_client.get(address))

    assert page.text(page.root.find(".//h1")) == TITLES[address]


def test_header_offers_to_sign_out(admin_client):
    page = Page(admin_client.get("/admin/"))
    text = page.text(page.root)

    assert "Sign out" in text
    assert "Log out" not in text
    assert "Audit log" in text


def test_audit_log_names_actions_in_the_past_tense(admin_client, admin, student):
    for action in (ADDITION, CHANGE, DELETION):
        record(admin, student, action)

    page = Page(admin_client.get(LOG))

    assert [page.text(cell) for cell in page.by_class("field-action")] == ["Deleted", "Changed", "Created"]
    assert page.text(page.by_class("paginator")[0]) == "3 results"
    for label in ("By action", "By person", "By item ID"):
        assert label in page.text()


def test_closed_account_is_called_deleted(admin_client, admin, student):
    assert "Delete accounts…" in Page(admin_client.get(change_url(student))).text()
    actions.close_account(student, admin)

    page = Page(admin_client.get(change_url(student)))

    assert page.text(page.by_class("field-state")[0]) == "State: deleted"
    assert "losed" not in page.text()


def test_user_page_links_to_profile_posts_and_audit_log(admin_client, student):
    post = PostFactory(author=student)
    page = Page(admin_client.get(change_url(student)))
    links = {page.text(link): link.get("href") for link in page.root.iter("a")}

    assert links["Profile"] == "/users/sam/"
    assert list(admin_client.get(links["Posts"]).context["cl"].result_list) == [post]
    assert admin_client.get(links["Audit log"]).context["cl"].result_count == 0
    assert {"Rooms", "Sessions", "Their actions"} <= links.keys()
    assert "History" not in links


def test_page_of_a_closed_account_links_to_posts(admin_client, admin, student):
    post = PostFactory(author=student)
    actions.close_account(student, admin)
    page = Page(admin_client.get(change_url(User.objects.get(pk=student.pk))))
    links = {page.text(link): link.get("href") for link in page.root.iter("a")}

    assert list(admin_client.get(links["Posts"]).context["cl"].result_list) == [post]
    assert "Profile" not in links
