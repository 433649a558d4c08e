"""The conversation of a room."""

import uuid

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from accounts.text import read_id
from config.requests import submitted_fields, wants_fragment
from posts import access, actions
from posts.forms import CursorForm, PostForm
from posts.models import Post
from posts.rendering import conversation_rows

NO_CURSORS = dict.fromkeys(CursorForm.base_fields)
MAX_CHANGES = 200  # posts in one response to a poll; a page that missed more reloads


@require_http_methods(["GET", "HEAD", "POST"])
def room_detail(request, slug):
    """Show a page of a conversation: the newest posts, or the posts that the query string selects.

    POST creates a post, and shows it or the form with its errors.
    """
    room = access.room_to_read(access.for_request(request), slug)
    fields = submitted_fields(request)
    form = None if fields is None else PostForm(fields, room=room)
    if request.method == "POST" and form.is_valid():
        post = actions.write_post(request.user, room, **form.cleaned_data)
        if wants_fragment(request):
            rows = conversation_rows(Post.objects.filter(pk=post.pk).keys(), request.user, room)
            return HttpResponse(rows, status=201)
        return redirect(f"{room.get_absolute_url()}#post-{post.pk}")
    if request.method == "POST" and wants_fragment(request):
        return render(request, "posts/_composer.html", _composer_context(room, form), status=422)
    return _render_conversation(request, room, form)


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
    rows = conversation_rows(changed, request.user, room)
    return HttpResponse(rows, headers={"ETag": etag})


def _render_conversation(request, room, form):
    """Return the page of a conversation, or a fragment with its posts. A submitted `form` is shown with its errors."""
    cursors = _get_cursors(request)
    last_read = access.for_request(request).rooms.get(room.pk)
    page = _fetch_page(room, cursors, last_read)
    # New users have not read any post of the common room, so they get no line above the first unread one.
    is_first_visit = room.is_common and not last_read
    if is_first_visit or page.starts_after(last_read or 0):
        last_read = None
    context = {
        "room": room,
        "rows": conversation_rows(page.keys, request.user, room, last_read),
        "oldest": page.keys[0].pk if page.keys and page.has_older else None,
        "newest": page.keys[-1].pk if page.keys and page.has_newer else None,
    }
    if wants_fragment(request):
        return render(request, "posts/_post_page.html", context)
    context |= {
        "is_empty": not page.keys,
        "last": page.keys[-1].pk if page.keys else 0,
        "moderates": room.is_moderated_by(request.user),
        "revision": room.revision,
    }
    if not room.is_archived:
        context |= _composer_context(room, form, cursors["reply_to"])
    return render(request, "posts/room_detail.html", context)


def _composer_context(room, form, reply_to=None):
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
