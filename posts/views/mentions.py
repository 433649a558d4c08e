"""Mentions in a text that is being written: suggestions, and names that nobody has."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms import SearchForm
from accounts.models import User
from config.requests import page_action
from posts import access
from posts.markup import ROOM, find_unknown, parse, possible_usernames
from posts.models import Membership

MAX_PEOPLE = 8
MAX_TEXT = 10_000  # characters; the longest post


@require_safe
def room_people(request, slug):
    """Return a fragment with the members whose username or name contains `q`, to choose one to mention."""
    viewer = access.for_request(request)
    room = access.room_to_read(viewer, slug)
    query = SearchForm(request.GET).query
    members = Membership.objects.filter(room=room).members().values("user")
    people = User.objects.active().filter(pk__in=members).exclude(pk=viewer.user_id)
    context = {
        "mentions_room": viewer.can_manage(room.pk) and ROOM.startswith(query.lower()),
        "people": people.to_mention(query)[:MAX_PEOPLE],
    }
    return render(request, "posts/_mention_options.html", context)


@page_action
def room_mentions(request, slug):
    """Return a fragment with the mentions in the text `body` that nobody who can see the room has, or 204.

    A user who cannot see the room looks like a name that does not exist.
    """
    viewer = access.for_request(request)
    room = access.room_to_read(viewer, slug)
    mentions = parse(request.POST.get("body", "")[:MAX_TEXT])
    readers = access.readers(room, User.objects.filter(username_key__in=possible_usernames(mentions)))
    names = set(readers.values_list("username_key", flat=True))
    if viewer.can_manage(room.pk):
        names.add(ROOM)
    unknown = find_unknown(mentions, names)
    if not unknown:
        return HttpResponse(status=204)
    return render(request, "posts/_unknown_mentions.html", {"names": unknown})
