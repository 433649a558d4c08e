"""Rooms, and what is said in them."""

import uuid

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.text import read_id
from config.context_processors import site
from posts import actions
from posts.forms import CursorForm, PostForm
from posts.kept import KeptPage
from posts.models import LAST_ID, Post, Room
from posts.rendering import conversation_rows

NO_CURSORS = dict.fromkeys(CursorForm.base_fields)
_CONVERSATION = KeptPage(
    "posts/room_detail.html", "csrf_token", "token", "here", "revision", "last", "rows", "oldest", "newest"
)
MOST_CHANGES = 200  # posts a poll brings at the most; whoever missed more loads the page


@require_safe
def room_list(request):
    """List the rooms that one may know of."""
    rooms = Room.objects.visible_to(request.user).with_unread(request.user).for_list()
    return render(request, "posts/room_list.html", {"rooms": rooms})


@require_http_methods(["GET", "HEAD", "POST"])
def room_detail(request, slug):
    """Show a conversation, from the newest post or from a cursor; POST writes into it."""
    room = _get_room(request, slug)
    if request.method == "POST":
        return _write(request, room)
    return _conversation(request, room)


@require_safe
def room_updates(request, slug):
    """Answer a poll: the rows that changed after the room's revision `after`, else 304.

    The room's revision travels as the ETag; 205 says that too much was missed, load the page.
    """
    room = _get_room(request, slug)
    after = _cursors(request)["after"] or 0
    etag = quote_etag(str(room.revision))
    if request.headers.get("If-None-Match") == etag or after >= room.revision:
        return HttpResponseNotModified(headers={"ETag": etag})
    changed = Post.objects.keys_changed(room, after, MOST_CHANGES + 1)
    if len(changed) > MOST_CHANGES:
        return HttpResponse(status=205, headers={"ETag": etag})
    changed.sort(key=lambda post: post.pk)
    rows = conversation_rows(changed, request.user, room)
    return HttpResponse(rows, headers={"ETag": etag})


@require_POST
def room_read(request, slug):
    """Remember how far one has read (`upto`, a post's id); without it, all that is there."""
    room = _get_room(request, slug)
    posts = Post.objects.in_room(room).newest_first()
    upto = request.POST.get("upto", "")
    if upto:
        if read_id(upto) is None:
            raise BadRequest("upto is not the id of a post")
        posts = posts.filter(pk__lte=read_id(upto))
    if newest := posts.values_list("pk", flat=True).first():
        actions.mark_read(request.user, room, newest)
    return HttpResponse(status=204) if _wants_fragment(request) else redirect(room)


def _get_room(request, slug):
    room = Room.objects.find(request.user, slug)
    if room is None:
        raise Http404
    return room


def _write(request, room):
    if room.is_archived:
        raise PermissionDenied(_("This room is archived. It can be read, and not written to."))
    form = PostForm(request.POST, room=room)
    if not form.is_valid():
        if _wants_fragment(request):
            return render(request, "posts/_composer.html", _composer(room, form), status=422)
        return _conversation(request, room, form)
    written = form.cleaned_data
    post = actions.write_post(request.user, room, written["body"], written["reply_to"], written["token"])
    if _wants_fragment(request):
        rows = conversation_rows(Post.objects.filter(pk=post.pk).as_keys(), request.user, room)
        return HttpResponse(rows, status=201)
    return redirect(f"{room.get_absolute_url()}#post-{post.pk}")


def _conversation(request, room, form=None):
    cursors = _cursors(request)
    size = settings.POSTS_PER_PAGE
    if cursors["at"]:
        half = size // 2
        older = Post.objects.keys_before(room, min(cursors["at"] + 1, LAST_ID), half + 1)
        newer = Post.objects.keys_after(room, cursors["at"], half + 1)
        has_older, has_newer = len(older) > half, len(newer) > half
        page = [*older[:half][::-1], *newer[:half]]
    elif cursors["after"] is not None:
        newer = Post.objects.keys_after(room, cursors["after"], size + 1)
        has_older, has_newer, page = cursors["after"] > 0, len(newer) > size, newer[:size]
    else:
        older = Post.objects.keys_before(room, cursors["before"] or LAST_ID, size + 1)
        has_older, has_newer, page = len(older) > size, bool(cursors["before"]), older[:size][::-1]
    last_read = None if has_newer else room.last_read
    context = {
        "room": room,
        "rows": conversation_rows(page, request.user, room, last_read),
        "oldest": page[0].pk if page and has_older else None,
        "newest": page[-1].pk if page and has_newer else None,
    }
    if _wants_fragment(request):
        return render(request, "posts/_page.html", context)
    context |= {
        "is_empty": not page,
        "last": page[-1].pk if page else 0,
        "moderates": room.is_moderated_by(request.user),
        "revision": room.revision,
    }
    if form is None and cursors["reply_to"] is None and page and not get_messages(request):
        return _kept_conversation(request, room, context)
    if not room.is_archived:
        context |= _composer(room, form, cursors["reply_to"])
    return render(request, "posts/room_detail.html", context)


def _kept_conversation(request, room, context):
    """Answer with a page on which nothing is typed, wrong or announced, as nearly every page is."""
    user = request.user
    values = {
        "csrf_token": get_token(request),
        "token": uuid.uuid4(),
        "here": request.get_full_path(),
        **{name: context[name] for name in ("revision", "last", "rows", "oldest", "newest")},
    }
    composer = {} if room.is_archived else _composer(room)
    context |= {"unread_count": room.unread_count} | composer
    key = (
        *(user.pk, user.updated_at, user.username, user.role, user.approved_at, user.is_staff),
        *(room.pk, room.name, room.slug, room.is_common, room.is_archived, room.owner_name, context["moderates"]),
        *(context["unread_count"], site(request)["theme"]),
        *(settings.SCHOOL_NAME, settings.POLL_SECONDS, settings.POST_MAX_LENGTH),
    )
    return _CONVERSATION.render(request, key, context, values)


def _composer(room, form=None, reply_to=None):
    """Return what the composer shows: empty, or what was typed into `form` with what is wrong with it.

    Not a form's own rendering: it is on every page of a conversation, and nearly always empty.
    """
    if form is not None:
        reply_to = form["reply_to"].value()
    reply_to = read_id(str(reply_to or ""))
    return {
        "room": room,
        "token": (form and form.cleaned_data.get("token")) or uuid.uuid4(),
        "typed": form["body"].value() or "" if form else "",
        "errors": [error for errors in form.errors.values() for error in errors] if form else [],
        "replying_to": _get_standing(room, reply_to) if reply_to else None,
        "limit": settings.POST_MAX_LENGTH,
    }


def _get_standing(room, pk):
    return Post.objects.in_room(room).standing().select_related("author").filter(pk=pk).first()


def _cursors(request):
    if not request.META.get("QUERY_STRING"):
        return NO_CURSORS
    if len(request.GET) == 1:
        # As the page's own links have it; a form takes a fifth of the page's time to find the same.
        [(name, value)] = request.GET.items()
        cursor = read_id(value)
        if name in NO_CURSORS and cursor:
            return NO_CURSORS | {name: cursor}
    form = CursorForm(request.GET)
    if not form.is_valid():
        raise BadRequest("This address does not name a part of the conversation.")
    return form.cleaned_data


def _wants_fragment(request):
    """Whether a script of ours asks, which puts a part of the page in place itself."""
    return request.META.get("HTTP_X_REQUESTED_WITH") == "fetch"
