"""Rooms: the list, new rooms, join codes, settings, archiving and reading. Streams on servers that cannot stream."""

from copy import copy
from functools import partial

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.text import read_id
from config.requests import automatic, page_action, submitted_fields, wants_fragment
from posts import access, actions, joining, unread
from posts.forms import RoomCreationForm, RoomSettingsForm
from posts.models import Membership, Room
from posts.refusals import CommonRoom

settings_action = partial(page_action, page="../settings/")


@require_safe
def room_list(request):
    """List the rooms that the user can see, and the rooms that they have requested to join.

    Scripts get only a list: that of home pages (`home`), of the room with the address `beside`, or of this page.
    """
    viewer = access.for_request(request)
    if wants_fragment(request) and "home" in request.GET:
        room_list = unread.rooms_for_home(request)
    elif wants_fragment(request) and "beside" in request.GET:
        room_list = unread.rooms_beside(request, request.GET["beside"])
    else:
        room_list = unread.all_rooms(request)
    context = {"room_list": room_list}
    if wants_fragment(request):
        return render(request, "posts/_room_list.html", context)
    context["requested_rooms"] = joining.requested_rooms(viewer)
    context["can_create_rooms"] = access.can_create_rooms(request.user)
    return render(request, "posts/room_list.html", context)


@partial(page_action, page="../../")
def rooms_read(request):
    """Mark the posts of all rooms as read."""
    actions.mark_all_read(request.user)
    return redirect("rooms")


@require_http_methods(["GET", "HEAD", "POST"])
def room_create(request):
    """Create a room that the user owns, then show its join code."""
    access.check_can_create(request.user, owner=request.user)
    options = {
        "instance": Room(owner=request.user),
        "rooms": Room.objects.filter(pk__in=access.for_request(request).owned),
        "initial": {"copy_from": request.GET.get("copy_from", "")},
    }
    form = RoomCreationForm(submitted_fields(request), **options)
    if request.method == "POST" and form.is_valid():
        room = actions.create_room(form.instance, request.user, copy_from=form.cleaned_data["copy_from"])
        return redirect("room_code", room.slug)
    return render(request, "posts/room_create.html", {"form": form})


@require_safe
def room_code(request, slug):
    """Show the join code of a room to its owners, for a projector and for print."""
    room = _room_to_manage(request, slug)
    context = {
        "room": room,
        "problem": room.code_problem(timezone.now()),
        "request_count": Membership.objects.filter(room=room).requests().count(),
    }
    return render(request, "posts/room_code.html", context)


@page_action
def room_code_rotate(request, slug):
    """Replace the join code of a room."""
    room = _room_to_manage(request, slug)
    actions.renew_join_codes(Room.objects.filter(pk=room.pk), request.user)
    messages.success(request, _("The room has a new join code. The old code and its link no longer work."))
    return redirect("room_code", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def room_settings(request, slug):
    """Edit the settings of a room. Those about its join code do not exist for the common room."""
    room = access.room_to_manage(access.for_request(request), slug)
    # A form with errors changes its instance, and the page shows the name of the room.
    form = RoomSettingsForm(submitted_fields(request), instance=copy(room))
    if request.method == "POST" and form.is_valid():
        actions.update_room(room, request.user, form.changes)
        messages.success(request, _("Settings saved."))
        return redirect("room_settings", slug)
    context = {"room": room, "form": form, "can_copy": room.pk in access.for_request(request).owned}
    return render(request, "posts/room_settings.html", context)


@settings_action
def room_archive(request, slug):
    """Archive a room."""
    room = _room_to_manage(request, slug)
    actions.archive_rooms(Room.objects.filter(pk=room.pk), request.user)
    messages.success(request, _("Room archived."))
    return redirect("room_settings", slug)


@settings_action
def room_reopen(request, slug):
    """Reopen an archived room."""
    room = _room_to_manage(request, slug)
    actions.unarchive_rooms(Room.objects.filter(pk=room.pk), request.user)
    messages.success(request, _("Room reopened."))
    return redirect("room_settings", slug)


@automatic
@page_action
def room_read(request, slug):
    """Mark the posts of a room as read, up to the id `upto` or all of them, or as unread from `upto`."""
    viewer = access.for_request(request)
    room = access.room_to_read(viewer, slug)
    upto, is_unread = request.POST.get("upto", ""), "unread" in request.POST
    if (upto or is_unread) and read_id(upto) is None:
        raise BadRequest("upto is not the id of a post")
    newest = min(read_id(upto), room.newest_post) if upto else room.newest_post
    if is_unread:
        actions.mark_unread(request.user, room, newest)
    # Pages also report posts that have been read before. These take no lock.
    elif not unread.is_marked_read(viewer, room, newest):
        actions.mark_read(request.user, room, newest)
    return HttpResponse(status=204) if wants_fragment(request) else redirect(room)


@automatic
@require_safe
def live_unavailable(request):
    """Make pages poll instead. Only WSGI servers call this view: a stream would occupy one of their threads."""
    return HttpResponse("retry: 60000\nevent: poll\ndata: {}\n\n", content_type="text/event-stream")


def _room_to_manage(request, slug):
    """Return a room that the user manages, but not the common room. Raises Http404, NotManager or CommonRoom."""
    room = access.room_to_manage(access.for_request(request), slug)
    if room.is_common:
        raise CommonRoom
    return room
