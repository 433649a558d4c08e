"""Rooms, and what is said in them."""

import uuid

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posts import actions
from posts.forms import CursorForm, PostForm
from posts.models import Post, Room
from posts.rendering import conversation_rows

MOST_CHANGES = 200  # posts a poll brings at the most; whoever missed more loads the page


@require_safe
def room_list(request):
    """List the rooms that one may know of."""
    rooms = Room.objects.visible_to(request.user).with_unread(request.user).for_list()
    return render(request, "posts/room_list.html", {"rooms": rooms})


@require_http_methods(["GET", "HEAD", "POST"])
def room_detail(request, slug):
    """Show a conversation, from the newest post or from a cursor; POST writes into it."""
    room = get_object_or_404(Room.objects.visible_to(request.user).with_reading_of(request.user), slug=slug)
    if request.method == "POST":
        return _write(request, room)
    return _conversation(request, room)


@require_safe
def room_updates(request, slug):
    """Answer a poll: the rows that changed after the room's revision `after`, else 304.

    The room's revision travels as the ETag; 205 says that too much was missed, load the page.
    """
    room = get_object_or_404(Room.objects.visible_to(request.user), slug=slug)
    after = _cursors(request)["after"] or 0
    etag = quote_etag(str(room.revision))
    if request.headers.get("If-None-Match") == etag or after >= room.revision:
        return HttpResponseNotModified(headers={"ETag": etag})
    changed = list(Post.objects.in_room(room).changed_since(after).for_display()[: MOST_CHANGES + 1])
    if len(changed) > MOST_CHANGES:
        return HttpResponse(status=205, headers={"ETag": etag})
    changed.sort(key=lambda post: post.pk)
    rows = conversation_rows(changed, request.user, room)
    response = render(request, "posts/_rows.html", {"rows": rows})
    response["ETag"] = etag
    return response


@require_POST
def room_read(request, slug):
    """Remember how far one has read (`upto`, a post's id); without it, all that is there."""
    room = get_object_or_404(Room.objects.visible_to(request.user), slug=slug)
    posts = Post.objects.in_room(room).newest_first()
    upto = request.POST.get("upto", "")
    if upto:
        if not upto.isascii() or not upto.isdigit() or len(upto) > 18:
            raise BadRequest("upto is not the id of a post")
        posts = posts.filter(pk__lte=int(upto))
    if newest := posts.values_list("pk", flat=True).first():
        actions.mark_read(request.user, room, newest)
    return HttpResponse(status=204) if _wants_fragment(request) else redirect(room)


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
        post = Post.objects.for_display().get(pk=post.pk)
        rows = conversation_rows([post], request.user, room)
        return render(request, "posts/_rows.html", {"rows": rows}, status=201)
    return redirect(f"{room.get_absolute_url()}#post-{post.pk}")


def _conversation(request, room, form=None):
    cursors = _cursors(request)
    size = settings.POSTS_PER_PAGE
    posts = Post.objects.in_room(room).for_display()
    has_newer = False
    if cursors["at"]:
        half = size // 2
        older = list(posts.before(cursors["at"] + 1).newest_first()[: half + 1])
        newer = list(posts.after(cursors["at"]).order_by("pk")[: half + 1])
        has_older, has_newer = len(older) > half, len(newer) > half
        page = older[:half][::-1] + newer[:half]
    elif cursors["after"] is not None:
        newer = list(posts.after(cursors["after"]).order_by("pk")[: size + 1])
        has_older, has_newer, page = True, len(newer) > size, newer[:size]
    else:
        older = posts.before(cursors["before"]) if cursors["before"] else posts
        older = list(older.newest_first()[: size + 1])
        has_older, has_newer, page = len(older) > size, bool(cursors["before"]), older[:size][::-1]
    is_newest = not has_newer
    last_read = (room.last_read or 0) if is_newest and room.last_read is not None else None
    context = {
        "room": room,
        "rows": conversation_rows(page, request.user, room, last_read),
        "oldest": page[0].pk if page and has_older else None,
        "newest": page[-1].pk if page and has_newer else None,
        "last": page[-1].pk if page else 0,
        "poll_seconds": settings.POLL_SECONDS,
    }
    if _wants_fragment(request):
        return render(request, "posts/_page.html", context)
    if form is None and not room.is_archived:
        form = PostForm(room=room, initial={"token": uuid.uuid4(), "reply_to": cursors["reply_to"]})
    context |= _composer(room, form) if form else {}
    return render(request, "posts/room_detail.html", context)


def _composer(room, form):
    """Return what the composer shows: the form, and the post that it answers to, if there is one."""
    return {"room": room, "form": form, "replying_to": _post_replied_to(form), "limit": settings.POST_MAX_LENGTH}


def _post_replied_to(form):
    chosen = form["reply_to"].value()
    if not chosen:
        return None
    try:
        return form.fields["reply_to"].clean(chosen)
    except ValidationError:
        return None


def _cursors(request):
    form = CursorForm(request.GET)
    if not form.is_valid():
        raise BadRequest("This address does not name a part of the conversation.")
    return form.cleaned_data


def _wants_fragment(request):
    """Whether a script of ours asks, which puts a part of the page in place itself."""
    return request.headers.get("X-Requested-With") == "fetch"
