"""Helpers for tests of the members page."""

from django.contrib.messages import get_messages

from posts.models import Membership

PATH = "/rooms/chemistry/members/"


def state_of(user, room):
    return Membership.objects.get(user=user, room=room).state


def message_of(response):
    """Return the text of the latest message of a response."""
    *_earlier, message = get_messages(response.wsgi_request)
    return str(message)
