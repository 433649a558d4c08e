"""Rooms: the list, marking a room as read, and live streams on a server that cannot stream."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.text import read_id
from config.requests import page_action, wants_fragment
from posts import access, actions


@require_safe
def room_list(request):
    """List the rooms that the user can see."""
    rooms = access.rooms_to_list(access.for_request(request))
    return render(request, "posts/room_list.html", {"rooms": rooms})


@page_action
def room_read(request, slug):
    """Mark the posts of a room as read, up to the id `upto` or all of them."""
    viewer = access.for_request(request)
    room = access.room_to_read(viewer, slug)
    upto = request.POST.get("upto", "")
    if upto and read_id(upto) is None:
        raise BadRequest("upto is not the id of a post")
    newest = min(read_id(upto), room.newest_post) if upto else room.newest_post
    # Pages also report posts that have been read before. These take no lock.
    if newest > viewer.rooms.get(room.pk, newest):
        actions.mark_read(request.user, room, newest)
    return HttpResponse(status=204) if wants_fragment(request) else redirect(room)


@require_safe
def live_unavailable(request):
    """Make pages poll instead. Only WSGI servers call this view: a stream would occupy one of their threads."""
    return HttpResponse("retry: 60000\nevent: poll\ndata: {}\n\n", content_type="text/event-stream")
