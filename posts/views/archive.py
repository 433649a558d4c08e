"""Archived rooms."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.requests import submitted_fields
from posts import access, actions
from posts.forms import RoomsForm
from posts.models import Room


@require_http_methods(["GET", "HEAD", "POST"])
def rooms_archive(request):
    """List the archived rooms. Owners archive many rooms at once, after a confirmation."""
    viewer = access.for_request(request)
    rooms = Room.objects.filter(viewer.in_visible_rooms("pk")).select_related("owner").order_by("name")
    own = [room for room in rooms if room.pk in viewer.owned and not room.is_archived]
    form = RoomsForm(submitted_fields(request), rooms=own)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["rooms"]
        if not form.cleaned_data["is_confirmed"]:
            return render(request, "posts/archive_confirm.html", {"form": form, "rooms": chosen})
        number = actions.archive_rooms(Room.objects.filter(pk__in=[room.pk for room in chosen]), request.user)
        text = ngettext("%(number)d room archived.", "%(number)d rooms archived.", number)
        messages.success(request, text % {"number": number})
        return redirect("rooms_archive")
    context = {"form": form, "own": own, "owned": viewer.owned, "rooms": [room for room in rooms if room.is_archived]}
    return render(request, "posts/archive_list.html", context)
