"""Invitations in the admin."""

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry

from accounts.models import Invitation


def test_invitation_stores_its_creator_and_writes_log_entry(admin_client, admin):
    admin_client.post("/admin/accounts/invitation/add/", {"note": "For Ada", "max_uses": 3})

    invitation = Invitation.objects.get()
    assert (invitation.created_by, invitation.max_uses, invitation.uses) == (admin, 3, 0)
    assert LogEntry.objects.get(action_flag=ADDITION).object_id == str(invitation.pk)


@pytest.mark.parametrize("number", ["-1", "0", "9" * 30, "abc", ""])
def test_invitation_with_invalid_number_is_a_form_error(admin_client, number):
    response = admin_client.post("/admin/accounts/invitation/add/", {"note": "For Ada", "max_uses": number})

    assert response.status_code == 200
    assert "max_uses" in response.context["adminform"].form.errors


@pytest.mark.parametrize("time_zone", ["Europe/Berlin", "UTC", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "time", ["0001-01-01 00:00", "1999-12-31 12:00", "2101-01-01 12:00", "9999-12-31 23:59", "x y"]
)
def test_invitation_with_invalid_time_is_a_form_error(admin_client, settings, time, time_zone):
    settings.TIME_ZONE = time_zone
    times = dict(zip(("expires_at_0", "expires_at_1"), time.split(), strict=True))

    response = admin_client.post("/admin/accounts/invitation/add/", {"max_uses": 1} | times)

    assert response.status_code == 200
    assert {*response.context["adminform"].form.errors} == {"expires_at"}


def test_deleting_invitation_writes_log_entry(admin_client, admin):
    invitation = Invitation.objects.create(note="For Ada")

    admin_client.post(f"/admin/accounts/invitation/{invitation.pk}/delete/", {"post": "yes"})

    assert not Invitation.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (admin, DELETION, "For Ada")
