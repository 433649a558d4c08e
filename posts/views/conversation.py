"""The conversation of a room."""

import uuid

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.text import read_id
from config.requests import automatic, submitted_fields, wants_fragment
from posts import access, actions, unread
from posts.forms import CursorForm, PostForm
from posts.models import Emoji, Membership, Post
from posts.refusals import TooManyPosts, TooManyRoomMentions
from posts.rendering import conversation_rows

State = Membership.State
NO_CURSORS = dict.fromkeys(CursorForm.base_fields)
MAX_FACES = 8  # pictures of members in the panel
MAX_CHANGES = 200  # posts in one response to a poll; a page that missed more reloads


@require_http_methods(["GET", "HEAD", "POST"])
def room_detail(request, slug):
    """Show a page of a conversation: the newest posts, or the posts that the query string selects.

    POST creates a post, and shows it or the form with its errors.
    """
    room = access.room_to_read(access.for_request(request), slug)
    fields = submitted_fields(request)
    form = None if fields is None else _post_form(request, room, fields)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.write_post(request.user, room, **form.cleaned_data)
        except (TooManyPosts, TooManyRoomMentions) as refusal:
            form.add_error("body", str(refusal))
            return refusal.add_to(_show_errors(request, room, form))
        if wants_fragment(request):
            rows = _rows(request, room, Post.objects.filter(pk=post.pk).keys())
            return HttpResponse(rows, status=201)
        return redirect(f"{room.get_absolute_url()}#post-{post.pk}")
    if request.method == "POST":
        return _show_errors(request, room, form)
    return _render_conversation(request, room, form)


@automatic
@require_safe
def room_updates(request, slug):
    """Return the posts that changed after the room's revision `after`, or 304 if there are none.

    The room's revision is the ETag. 205 means that the page missed too many changes and must reload.
    """
    room = access.room_to_read(access.for_request(request), slug)
    after = _get_cursors(request)["after"] or 0
    etag = quote_etag(str(room.revision))
    if request.headers.get("If-None-Match") == etag or after >= room.revision:
        return HttpResponseNotModified(headers={"ETag": etag})
    changed = Post.objects.in_room(room).changed_since(after, MAX_CHANGES + 1)
    if len(changed) > MAX_CHANGES:
        return HttpResponse(status=205, headers={"ETag": etag})
    changed.sort(key=lambda key: key.pk)
    rows = _rows(request, room, changed)
    return HttpResponse(rows, headers={"ETag": etag})


def _post_form(request, room, fields):
    return PostForm(fields, request.FILES, room=room, user=request.user, keeps_file=wants_fragment(request))


def _show_errors(request, room, form):
    """Return the composer for a script, or the page of the conversation, with the errors of `form`."""
    if wants_fragment(request):
        return render(request, "posts/_composer.html", _composer_context(request, room, form), status=422)
    return _render_conversation(request, room, form)


def _render_conversation(request, room, form):
    """Return the page of a conversation, or a fragment with its posts. A submitted `form` is shown with its errors."""
    cursors = _get_cursors(request)
    is_presented = "present" in request.GET
    viewer = access.for_request(request)
    last_read = viewer.rooms.get(room.pk)
    page = _fetch_page(room, cursors, last_read)
    has_gap = page.starts_after(last_read or 0)
    # New users have not read any post of the common room, so they get no line above the first unread one.
    shows_line = not (has_gap or is_presented or (room.is_common and not last_read))
    room_list = None if is_presented or wants_fragment(request) else unread.rooms_beside(request, room.slug)
    row = room_list and room_list.find(room)
    context = {
        "room": room,
        "is_presented": is_presented,
        "rows": _rows(request, room, page.keys, last_read if shows_line else None, row.unread if row else 0),
        "oldest": page.keys[0].pk if page.keys and page.has_older else None,
        "newest": page.keys[-1].pk if page.keys and page.has_newer else None,
    }
    if wants_fragment(request):
        return render(request, "posts/_post_page.html", context)
    context |= {
        "is_empty": all(key.is_hidden for key in page.keys),
        "last": page.keys[-1].pk if page.keys else 0,
        "revision": room.revision,
        "room_list": room_list,
        "row": row,
        "is_member": last_read is not None,
        "last_read": last_read,
        "has_gap": has_gap,
    }
    if not is_presented:
        context |= _panel_context(viewer, room)
        context["can_create_rooms"] = access.can_create_rooms(request.user)
        context["shows_composer"] = not room.is_archived
    if context.get("shows_composer"):
        context |= _composer_context(request, room, form, cursors["reply_to"]) | {"emoji": Emoji}
    return render(request, "posts/room_detail.html", context)


def _panel_context(visible, room):
    """Return the context of the panel beside the conversation. In the common room, it does not show the members."""
    manages = visible.can_manage(room.pk)
    context = {
        "manages": manages,
        "notifications_off": room.pk in visible.notifications_off,
        "shows_code": manages and room.accepts_code(timezone.now()),
        "shows_panel": not room.is_common or bool(room.description),
    }
    if room.is_common:
        return context
    counts = Membership.objects.filter(room=room).count_by_state()
    members = User.objects.active().filter(memberships__room=room, memberships__state=State.MEMBER)
    return context | {
        "member_number": counts.get(State.MEMBER, 0),
        "request_number": counts.get(State.APPLIED, 0),
        "faces": list(members.order_by("memberships__pk")[:MAX_FACES]),
    }


def _rows(request, room, keys, last_read=None, number=0):
    moderates = access.for_request(request).can_manage(room.pk)
    return conversation_rows(keys, request.user, room, moderates, last_read, number)


def _composer_context(request, room, form, reply_to=None):
    """Return the context of the composer, with the text and the errors of a submitted `form`, or an empty one."""
    errors = []
    if form is not None:
        errors = [error for errors in form.errors.values() for error in errors]
        reply_to = form["reply_to"].value()
    reply_to = read_id(str(reply_to or ""))
    typed = form["body"].value() or "" if form else ""
    return {
        "room": room,
        "token": (form and form.cleaned_data.get("token")) or uuid.uuid4(),
        "typed": typed,
        "lines": min(sum(1 + len(line) // 40 for line in typed.split("\n")), 5),  # 40 characters fit on a phone
        "errors": errors,
        "replying_to": _find_parent(room, reply_to) if reply_to else None,
        "alt": form["alt"].value() or "" if form else "",
        "allows_attachments": access.allows_attachments(room),
        "allows_files": access.may_post_files(request.user),
    }


def _fetch_page(room, cursors, last_read):
    posts, size = Post.objects.in_room(room), settings.POSTS_PER_PAGE
    if cursors["at"]:
        return posts.page_around(cursors["at"], size)
    if cursors["after"] is not None:
        return posts.page_after(cursors["after"], size)
    if cursors["before"]:
        return posts.page_before(cursors["before"], size)
    page = posts.last_page(size)
    # With more unread posts than a page, the conversation starts at the first one. A first visit starts at the end.
    if last_read and page.starts_after(last_read):
        page = posts.page_around(last_read, size)
    return page


def _find_parent(room, pk):
    return Post.objects.in_room(room).not_removed().select_related("author").filter(pk=pk).first()


def _get_cursors(request):
    if not request.GET:
        return NO_CURSORS
    form = CursorForm(request.GET)
    if not form.is_valid():
        raise BadRequest("the query string does not select a part of the conversation")
    return form.cleaned_data
