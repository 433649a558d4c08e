"""Groups of a room."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config.requests import page_action, submitted_fields
from posts import access, actions
from posts.actions.groups import check_can_have_groups
from posts.forms import ChosenGroupsForm, GroupsForm
from posts.models import Membership


@require_http_methods(["GET", "HEAD", "POST"])
def room_groups(request, slug):
    """List the open groups of a room, or split it into groups, at random or by the page `room_groups_choose`."""
    room = _room_with_groups(request, slug)
    form = GroupsForm(submitted_fields(request), students=_students(room))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["method"] == "choose":
            return redirect(f"{reverse('room_groups_choose', args=[slug])}?number={form.cleaned_data['number']}")
        actions.create_groups(room, request.user, form.random_groups())
        return redirect("room_groups", slug)
    members = Count("memberships", filter=Q(memberships__state=Membership.State.MEMBER))
    groups = room.groups.open().annotate(member_count=members).order_by("pk")
    for group in groups:
        group.is_visible = access.for_request(request).can_see(group.pk)
    return render(request, "posts/group_list.html", {"room": room, "groups": groups, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def room_groups_choose(request, slug):
    """Split a room into `number` groups, with a field for the group of each student."""
    room = _room_with_groups(request, slug)
    students = _students(room)
    options = GroupsForm({"number": request.GET.get("number"), "method": "choose"}, students=students)
    if room.is_archived or not options.is_valid():
        return redirect("room_groups", slug)
    form = ChosenGroupsForm(submitted_fields(request), students=students, number=options.cleaned_data["number"])
    if request.method == "POST" and form.is_valid():
        actions.create_groups(room, request.user, form.groups())
        return redirect("room_groups", slug)
    return render(request, "posts/group_choose.html", {"room": room, "form": form})


@page_action
def room_groups_archive(request, slug):
    """Archive the open groups of a room."""
    room = _room_with_groups(request, slug)
    number = actions.archive_groups(room, request.user)
    text = ngettext("%(number)d group archived.", "%(number)d groups archived.", number)
    messages.success(request, text % {"number": number})
    return redirect("room_groups", slug)


def _room_with_groups(request, slug):
    """Return a room that the user manages and can split. Raises Http404, NotManager, CommonRoom or IsGroup."""
    room = access.room_to_manage(access.for_request(request), slug)
    check_can_have_groups(room)
    return room


def _students(room):
    members = Membership.objects.filter(room=room).members().of_active_students().by_name()
    return [member.user for member in members]
