"""Admin lists on a phone, their order, and buttons of irreversible actions."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from accounts.audit import CHANGE, record
from accounts.models import Invitation, Teacher, User
from accounts.tests.admin import change_url, run_action
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.models import Membership, Post, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory


@pytest.mark.parametrize("model", [User, Teacher, Room, Membership, Post])
def test_state_is_the_second_column(model):
    assert admin.site.get_model_admin(model).list_display[1] == "state"


@pytest.mark.parametrize(
    ("factory", "field", "url"),
    [
        (StudentFactory, "date_joined", "/admin/accounts/user/"),
        (RoomFactory, "created_at", "/admin/posts/room/"),
        (MembershipFactory, "created_at", "/admin/posts/membership/"),
    ],
)
def test_lists_start_with_the_newest(admin_client, factory, field, url):
    newer = factory(**{field: timezone.now() + timedelta(days=1)})
    older = factory(**{field: timezone.now() - timedelta(days=1)})

    found = list(admin_client.get(url).context["cl"].result_list)

    assert (found[0], found[-1]) == (newer, older)


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("posts/post", "Created"),
        ("posts/notification", "Created"),
        ("accounts/invitation", "Created"),
        ("admin/logentry", "Action time"),
    ],
)
def test_only_the_header_of_the_date_is_sorted(admin_client, admin, path, header):
    record(admin, NotificationFactory().post, CHANGE)
    Invitation.objects.create(created_by=admin)

    page = Page(admin_client.get(f"/admin/{path}/"))

    [column] = page.by_class("sorted")
    assert "descending" in column.get("class")
    assert page.text(column) == header


def test_buttons_of_irreversible_actions_look_different(admin_client, student, common_room):
    post = PostFactory(author=student)
    marked = {}
    for url in (change_url(student), change_url(post)):
        buttons = [
            button for button in Page(admin_client.get(url)).root.iter("button") if button.get("name") == "action"
        ]
        marked |= {button.get("value"): "is-irreversible" in button.get("class") for button in buttons}

    assert marked == {
        "deactivate": False,
        "change_role": False,
        "end_sessions": False,
        "close": True,
        "remove": True,
    }


@pytest.mark.parametrize(("action", "is_irreversible"), [("close", True), ("deactivate", False)])
def test_confirmation_of_an_irreversible_action_looks_different(admin_client, student, action, is_irreversible):
    page = Page(run_action(admin_client, action, student))

    [button] = page.by_class("default")
    assert page.by_class("delete-confirmation") == []  # a class of Django's admin, with a red button
    assert ("is-irreversible" in button.get("class")) == is_irreversible
