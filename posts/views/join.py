"""Joining rooms with a join code or its link."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.templatetags.text import isolate_text
from config.requests import submitted_fields
from posts import actions, joining
from posts.forms import JoinForm, LeaveForm
from posts.models import Membership
from posts.refusals import InvalidJoinCode

State = Membership.State


@require_http_methods(["GET", "HEAD", "POST"])
def room_join(request):
    """Join the room with the join code `code`, or request to join it."""
    form = JoinForm(submitted_fields(request), request=request)
    if request.method == "POST" and form.is_valid():
        return _join(request, form)
    return _show_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def room_join_link(request, code):
    """Show the room with this join code. POST joins it, or requests to join it."""
    form = JoinForm({"code": code}, request=request)
    if not form.is_valid():
        return _show_form(request, form)
    if request.method == "POST":
        return _join(request, form)
    state = form.membership.state if form.membership else None
    if state == State.MEMBER:
        return redirect(form.room)
    context = {"is_waiting": state == State.APPLIED, "asks": joining.makes_request(form.room, form.membership)}
    return render(request, "posts/room_join_link.html", context | {"room": form.room})


@require_http_methods(["GET", "HEAD", "POST"])
def room_leave(request, slug):
    """Confirm, then leave a room or cancel a join request. The owner of a room chooses a successor.

    The field `cancel` cancels a request only: the user may have become a member since the page was loaded.
    """
    membership = joining.membership_to_leave(request.user, slug)
    is_request = membership.state == State.APPLIED
    if request.method == "POST" and (is_request or "cancel" in request.POST):
        return _cancel_request(request, membership.room)
    co_teachers = joining.successors(membership)
    form = LeaveForm(submitted_fields(request), co_teachers=co_teachers)
    if request.method == "POST" and form.is_valid():
        actions.leave_room(request.user, membership.room, form.cleaned_data.get("successor"))
        messages.success(request, _("You have left %(room)s.") % {"room": isolate_text(membership.room.name)})
        return redirect("rooms")
    context = {"form": form, "room": membership.room, "is_request": is_request}
    context["needs_co_teacher"] = co_teachers is not None and not form.co_teachers
    return render(request, "posts/room_leave.html", context)


def _cancel_request(request, room):
    if actions.cancel_request(request.user, room):
        messages.success(request, _("Request cancelled."))
    else:
        text = _("Your request to join %(room)s is no longer open.")
        messages.info(request, text % {"room": isolate_text(room.name)})
    return redirect("rooms")


def _join(request, form):
    try:
        membership = actions.join_room(request.user, form.cleaned_data["code"])
    except InvalidJoinCode as refusal:  # since the form was validated
        form.add_error("code", str(refusal))
        return _show_form(request, form)
    names = {"room": isolate_text(form.room.name), "teacher": isolate_text(form.room.owner_name)}
    if membership.state == State.MEMBER:
        messages.success(request, _("You have joined %(room)s.") % names)
        return redirect(form.room)
    if form.room.owner_name:
        messages.success(request, _("You have asked to join %(room)s. Waiting for %(teacher)s.") % names)
    else:
        messages.success(request, _("You have asked to join %(room)s. Waiting for a teacher.") % names)
    return redirect("rooms")


def _show_form(request, form):
    return form.add_status(render(request, "posts/room_join.html", {"form": form}))
