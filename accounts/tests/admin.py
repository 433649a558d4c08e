"""Helpers for tests of the admin."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.admin.base import changelist_url

USERS = "/admin/accounts/user/"
LOG = "/admin/admin/logentry/"


def change_url(obj, model=None):
    """Return the URL of the change page of `obj`, in the list of the proxy `model` if it is given."""
    opts = obj._meta.concrete_model._meta
    return reverse(f"admin:{opts.app_label}_{model or opts.model_name}_change", args=[obj.pk])


def run_action(client, action, *objects, url=None, **answers):
    """Select `objects` in their list and run an action. With `answers`, submit its confirmation page."""
    data = {"action": action, "_selected_action": [obj.pk for obj in objects]}
    if answers:
        data |= {"confirmed": len(objects), **answers}
    return client.post(url or changelist_url(objects[0]._meta.concrete_model), data)


def entries(obj, **filters):
    """Return the audit log entries about `obj`."""
    return LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk), **filters
    )


def form_data(user, **changes):
    """Return the data that the change form of a user submits."""
    return {name: getattr(user, name) for name in ("username", "email", *user.PROFILE_FIELDS)} | changes


def messages_of(response):
    """Return the texts of the messages on a page."""
    return [str(message) for message in response.context["messages"]]
