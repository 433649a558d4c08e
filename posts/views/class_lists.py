"""Class lists of a room."""

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.text import read_id
from config.requests import submitted_fields, wants_fragment
from posts import access, actions
from posts.forms import ClassListForm
from posts.models import Membership
from posts.refusals import AccountsChanged, CannotResetPassword, CommonRoom, RoomArchived


@require_http_methods(["GET", "HEAD", "POST"])
def class_list_import(request, slug):
    """Show what happens to each line of a class list. With `confirm`, import it and show the cards of new pupils."""
    room = _room_to_import(request, slug)
    is_confirmed = request.method == "POST" and "confirm" in request.POST
    options = {"room": room, "visible_users": access.for_request(request).users(), "is_confirmed": is_confirmed}
    form = ClassListForm(submitted_fields(request), request.FILES or None, **options)
    if form.is_valid() and is_confirmed and (url_name := _import(request, form)):
        return redirect(url_name, slug)
    return render(request, "posts/class_list_import.html", {"form": form, "room": room})


@require_http_methods(["GET", "HEAD", "POST"])
def class_list_cards(request, slug):
    """Make cards for pupils of class lists who have never signed in: a batch in each POST request.

    `after` is the id of the last user of the batch before. Scripts get only the cards.
    """
    room = access.room_to_manage(access.for_request(request), slug)
    context = {"room": room, "site": settings.SITE_URL.partition("://")[2]}
    if request.method == "POST":
        after = read_id(request.POST.get("after", "")) or 0
        context["batch"] = actions.make_cards(room, after, request.user)
    pupils = Membership.objects.filter(room=room).with_created_accounts().never_signed_in()
    context["total"] = pupils.count()
    if batch := context.get("batch"):
        context["done"] = pupils.filter(user__lte=batch.after).count() if batch.after else context["total"]
    return render(request, "posts/_cards.html" if wants_fragment(request) else "posts/class_list_cards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_reset_password(request, slug, username):
    """Confirm, then reset the password of a pupil and show it once."""
    room = access.room_to_manage(access.for_request(request), slug)
    members = Membership.objects.filter(room=room).members().select_related("user")
    membership = get_object_or_404(members, user__username_key=username.lower())
    if not membership.can_reset_password:
        raise CannotResetPassword
    context = {"room": room, "pupil": membership.user, "site": settings.SITE_URL.partition("://")[2]}
    if request.method == "POST":
        context["card"] = actions.reset_password(membership, request.user)
    return render(request, "posts/member_reset_password.html", context)


def _room_to_import(request, slug):
    """Return the room. Raises Http404, NotManager, CommonRoom or RoomArchived."""
    room = access.room_to_manage(access.for_request(request), slug)
    if room.is_common:
        raise CommonRoom
    if room.is_archived:
        raise RoomArchived
    return room


def _import(request, form):
    """Import the list and return the name of the next URL. If another request conflicts with it, add errors instead."""
    try:
        created, added = actions.import_class_list(form.room, form.lines, request.user)
    except (IntegrityError, AccountsChanged):
        form.add_conflict()
        return None
    texts = [
        ngettext("%d account created.", "%d accounts created.", created) % created if created else "",
        ngettext("%d student added.", "%d students added.", added) % added if added else "",
    ]
    messages.success(request, " ".join(filter(None, texts)) or _("Everyone in the list is already in this room."))
    return "class_list_cards" if created else "room_members"
