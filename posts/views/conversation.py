"""Rooms and their conversations."""

import uuid

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.text import read_id
from posts import access, actions
from posts.forms import CursorForm, PostForm
from posts.models import Post, Room
from posts.rendering import conversation_rows

NO_CURSORS = dict.fromkeys(CursorForm.base_fields)
MAX_CHANGES = 200  # posts in one response to a poll; a page that missed more reloads


@require_safe
def room_list(request):
    """List the rooms that the user can see."""
    return render(request, "posts/room_list.html", {"rooms": list_rooms(access.of(request))})


def list_rooms(visible, limit=None):
    """Return the rooms of an Access, at most `limit`, each with `is_unread`."""
    rooms = list(Room.objects.filter(visible.in_visible_rooms("pk")).for_list()[:limit])
    for room in rooms:
        # An administrator who is not a member has no unread posts there.
        room.is_unread = room.newest_post > visible.rooms.get(room.pk, room.newest_post)
    return rooms


@require_http_methods(["GET", "HEAD", "POST"])
def room_detail(request, slug):
    """Show a conversation; POST writes a post."""
    room = access.room_to_read(access.of(request), slug)
    return post_create(request, room) if request.method == "POST" else conversation(request, room)


def conversation(request, room, form=None):
    """Show a page of a conversation: the newest posts, or those that the query string selects."""
    cursors = _cursors(request)
    page = _fetch_page(room, cursors)
    last_read = None if page.has_newer else access.of(request).rooms.get(room.pk)
    if room.is_common:
        last_read = last_read or None  # all posts are new to a user who has never been here: a line says nothing
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
        context |= _composer(room, form, cursors["reply_to"])
    return render(request, "posts/room_detail.html", context)


def post_create(request, room):
    """Write a post and show it, or show the form with its errors."""
    form = PostForm(request.POST, room=room)
    if not form.is_valid():
        if wants_fragment(request):
            return render(request, "posts/_composer.html", _composer(room, form), status=422)
        return conversation(request, room, form)
    post = actions.write_post(request.user, room, **form.cleaned_data)
    if wants_fragment(request):
        rows = conversation_rows(Post.objects.filter(pk=post.pk).keys(), request.user, room)
        return HttpResponse(rows, status=201)
    return redirect(f"{room.get_absolute_url()}#post-{post.pk}")


@require_safe
def room_updates(request, slug):
    """Return the posts that changed after the room's revision `after`, or 304 if there are none.

    The room's revision is the ETag. 205 means that the page missed too many changes and must reload.
    """
    room = access.room_to_read(access.of(request), slug)
    after = _cursors(request)["after"] or 0
    etag = quote_etag(str(room.revision))
    if request.headers.get("If-None-Match") == etag or after >= room.revision:
        return HttpResponseNotModified(headers={"ETag": etag})
    changed = Post.objects.in_room(room).changed_since(after, MAX_CHANGES + 1)
    if len(changed) > MAX_CHANGES:
        return HttpResponse(status=205, headers={"ETag": etag})
    changed.sort(key=lambda key: key.pk)
    rows = conversation_rows(changed, request.user, room)
    return HttpResponse(rows, headers={"ETag": etag})


@require_POST
def room_read(request, slug):
    """Mark a room as read up to the post with the id `upto`, or completely."""
    room = access.room_to_read(access.of(request), slug)
    upto = request.POST.get("upto", "")
    if upto and read_id(upto) is None:
        raise BadRequest("upto is not the id of a post")
    newest = min(read_id(upto), room.newest_post) if upto else room.newest_post
    actions.mark_read(request.user, room, newest)
    return HttpResponse(status=204) if wants_fragment(request) else redirect(room)


def wants_fragment(request):
    """Return whether a script of this site made the request and inserts the response into a page."""
    return request.META.get("HTTP_X_REQUESTED_WITH") == "fetch"


def _fetch_page(room, cursors):
    posts, size = Post.objects.in_room(room), settings.POSTS_PER_PAGE
    if cursors["at"]:
        return posts.page_around(cursors["at"], size)
    if cursors["after"] is not None:
        return posts.page_after(cursors["after"], size)
    if cursors["before"]:
        return posts.page_before(cursors["before"], size)
    return posts.last_page(size)


def _composer(room, form=None, reply_to=None):
    """Return the context of the composer: empty, or with the text and the errors of `form`."""
    if form is not None:
        reply_to = form["reply_to"].value()
    reply_to = read_id(str(reply_to or ""))
    return {
        "room": room,
        "token": (form and form.cleaned_data.get("token")) or uuid.uuid4(),
        "typed": form["body"].value() or "" if form else "",
        "errors": [error for errors in form.errors.values() for error in errors] if form else [],
        "replying_to": _find_parent(room, reply_to) if reply_to else None,
        "limit": settings.POST_MAX_LENGTH,
    }


def _find_parent(room, pk):
    return Post.objects.in_room(room).not_removed().select_related("author").filter(pk=pk).first()


def _cursors(request):
    if not request.GET:
        return NO_CURSORS
    form = CursorForm(request.GET)
    if not form.is_valid():
        raise BadRequest("This address does not name a part of the conversation.")
    return form.cleaned_data
