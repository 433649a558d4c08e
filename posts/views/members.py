"""The members of a room, and its join requests."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts.forms import SearchForm
from accounts.models import Role
from accounts.templatetags.text import isolate_text as isolate
from config.requests import automatic, next_url, page_action, redirect_to_next, submitted_fields
from posts import access, actions
from posts.forms import RemovalForm, RequestsForm
from posts.models import Membership
from posts.spreadsheets import write_csv

MEMBERS_PER_PAGE = 50
MAX_REQUESTS = 50  # more only with `requests=all`
USER_COLUMNS = ("username", "first_name", "last_name", "email", "role", "last_login")
EXPORTED = ("user", "state_changed_at", *(f"user__{column}" for column in USER_COLUMNS))

member_action = partial(page_action, page="../..")  # the page is the list of members


@require_safe
def room_members(request, slug):
    """List the members of a room by name, its owners first, and for them the join requests."""
    room = access.room_to_read(access.for_request(request), slug)
    return render(request, "posts/member_list.html", _list_context(request, room))


@automatic
@conditional_page
@require_safe
def room_members_updates(request, slug):
    """Return the list of `room_members` with the same query string for an owner, or 304 if the browser has it.

    Pages of other members do not request it: rendering the list costs too much for each of many members.
    """
    room = access.room_to_manage(access.for_request(request), slug)
    return render(request, "posts/_member_list.html", _list_context(request, room))


@require_safe
def members_add(request, slug):
    """List the active users that an owner can see and add, with a button for each."""
    viewer = access.for_request(request)
    room = access.room_to_manage(viewer, slug)
    form = SearchForm(request.GET)
    members = Membership.objects.filter(room=room).members().values("user")
    users = viewer.users().active().exclude(pk__in=members).search(form.query).order_by("username_key")
    page = Paginator(users, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "posts/member_add.html", {"room": room, "form": form, "query": form.query, "page": page})


@page_action
def members_accept(request, slug):
    """Accept the join requests that a page has shown: those up to the time `until`, or all."""
    room = access.room_to_manage(access.for_request(request), slug)
    form = RequestsForm(request.POST)
    if not form.is_valid():
        raise BadRequest("until is not a time")
    number = actions.accept_requests(room, request.user, form.cleaned_data["until"])
    text = ngettext(
        "%(number)d person is now a member of %(room)s.", "%(number)d people are now members of %(room)s.", number
    )
    messages.success(request, text % {"number": number, "room": isolate(room.name)})
    return redirect_to_next(request, _list_url(room))


@page_action
def members_export(request, slug):
    """Download the list of members as a CSV file, and record this. Owners can see email addresses."""
    room = access.room_to_manage(access.for_request(request), slug)
    actions.record_export(room, request.user)
    owners = set(access.owners(room).values_list("pk", flat=True))
    # Columns, because the objects of 500 members would cost 12 ms more.
    members = Membership.objects.filter(room=room).members().by_name(first=owners).values_list(*EXPORTED, named=True)
    rows = [[_("username"), _("name"), _("email"), _("role"), _("joined"), _("never signed in")]]
    rows += [_export_row(room, owners, member) for member in members]
    headers = {"Content-Disposition": f'attachment; filename="members-{room.slug}.csv"'}
    return HttpResponse(write_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


@member_action
def member_accept(request, slug, username):
    """Accept a join request."""
    done = _("%(name)s is now a member of %(room)s.")
    unchanged = _("The request from %(name)s to join %(room)s is no longer open.")
    return _change(request, slug, username, actions.accept_request, done, unchanged)


@member_action
def member_decline(request, slug, username):
    """Decline a join request."""
    done = _("You declined the request from %(name)s to join %(room)s.")
    unchanged = _("The request from %(name)s to join %(room)s is no longer open.")
    return _change(request, slug, username, actions.decline_request, done, unchanged)


@member_action
def member_add(request, slug, username):
    """Add a user to a room, with or without a join request.

    Whether the owner can see the user is only checked before the operation locks them: it does not depend on the room.
    """
    viewer = access.for_request(request)
    room = access.room_to_manage(viewer, slug)
    membership = Membership(room=room, user=access.user_to_read(viewer.users(), username))
    return _respond(
        request,
        membership,
        actions.add_member(membership, request.user),
        _("%(name)s is now a member of %(room)s."),
        _("%(name)s is already a member of %(room)s."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request, slug, username):
    """Confirm, then remove a member from a room."""
    membership = access.membership_to_remove(access.for_request(request), slug, username)
    form = RemovalForm(submitted_fields(request))
    is_member = membership.state == Membership.State.MEMBER
    if is_member and not (request.method == "POST" and form.is_valid()):
        context = {"form": form, "membership": membership, "next": next_url(request, _list_url(membership.room))}
        return render(request, "posts/member_remove.html", context)
    return _respond(
        request,
        membership,
        is_member and actions.remove_member(membership, request.user, form.cleaned_data["reason"]),
        _("%(name)s has been removed from %(room)s."),
        _("%(name)s is not a member of %(room)s."),
    )


@member_action
def member_promote(request, slug, username):
    """Make a member a co-teacher."""
    done = _("%(name)s is now a co-teacher of %(room)s.")
    unchanged = _("%(name)s is already a teacher of %(room)s.")
    return _change(request, slug, username, actions.promote_member, done, unchanged)


@member_action
def member_demote(request, slug, username):
    """Make a co-teacher an ordinary member."""
    done = _("%(name)s is no longer a co-teacher of %(room)s.")
    unchanged = _("%(name)s is not a co-teacher of %(room)s.")
    return _change(request, slug, username, actions.demote_member, done, unchanged)


def _export_row(room, owners, member):
    """Return the cells of a member, given a named tuple of EXPORTED columns. `owners` are the ids of the owners."""
    role = Role(member.user__role).label
    if member.user in owners:
        role = _("owner") if member.user == room.owner_id else _("co-teacher")
    return [
        member.user__username,
        f"{member.user__first_name} {member.user__last_name}".strip(),
        member.user__email or "",
        str(role),
        timezone.localdate(member.state_changed_at).isoformat(),
        "" if member.user__last_login else _("yes"),
    ]


def _change(request, slug, username, operation, done, unchanged):
    """Change the membership of a user with `operation`, if the viewer manages the room, and respond."""
    membership = access.membership_to_manage(access.for_request(request), slug, username)
    return _respond(request, membership, operation(membership, request.user), done, unchanged)


def _respond(request, membership, has_changed, done, unchanged):
    """Redirect to `next` or the list of members, with the message `done` or `unchanged`."""
    user, room = membership.user, membership.room
    text = (done if has_changed else unchanged) % {
        "name": isolate(user.full_name or user.username),
        "room": isolate(room.name),
    }
    messages.add_message(request, messages.SUCCESS if has_changed else messages.INFO, text)
    return redirect_to_next(request, _list_url(room))


def _list_url(room):
    return reverse("room_members", args=[room.slug])


def _list_context(request, room):
    """Return the context of the list. Only owners get requests, inactive members and who has never signed in."""
    manages = access.for_request(request).can_manage(room.pk)
    form = SearchForm(request.GET)
    found = Membership.objects.filter(room=room).search(form.query)
    members = found.members() if manages else found.members().of_active_users()
    owners = set(access.owners(room).values_list("pk", flat=True))
    page = Paginator(members.by_name(first=owners), MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.urlencode()
    here = f"{_list_url(room)}?{parameters}" if parameters else _list_url(room)
    context = {"room": room, "form": form, "query": form.query, "page": page, "owners": owners}
    context |= {"manages": manages, "here": here, "parameters": parameters}
    if manages:
        requests = found.requests()
        limit = None if request.GET.get("requests") == "all" else MAX_REQUESTS
        context["requests"] = requests.oldest_first()[:limit]
        context |= requests.aggregate(request_count=Count("pk"), newest_request=Max("state_changed_at"))
    return context
