"""Directories, profiles, popovers and profile pictures."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.forms import SearchForm
from accounts.models import Role
from accounts.text import read_id
from posts import access
from posts.models import Post
from posts.rendering import body_segments

POSTS_PER_PAGE = 20  # on a profile
MAX_POST_COUNT = 999


@require_safe
def student_list(request):
    """List the students that the user can see."""
    return _directory(request, Role.STUDENT, _("Students"))


@require_safe
def teacher_list(request):
    """List the teachers."""
    return _directory(request, Role.TEACHER, _("Teachers"))


@require_safe
def profile(request, username):
    """Show a user's details and their posts in rooms that the viewer can see."""
    context = _user_context(request, username)
    posts = context["posts"].newest_first()
    if before := read_id(request.GET.get("before", "")):
        posts = posts.before(before)
    # A reply shows only the author of the post that it replies to: columns cost less than objects. Rooms are fetched
    # by a separate query, because MariaDB would sort all posts of the user if they were joined.
    parent = {"parent_author": F("reply_to__author__username"), "parent_closed_at": F("reply_to__author__closed_at")}
    posts = list(posts.annotate(**parent).prefetch_related("room")[: POSTS_PER_PAGE + 1])
    page = posts[:POSTS_PER_PAGE]
    for post in page:
        post.segments = body_segments(post)
    context["page"] = page
    context["oldest"] = page[-1].pk if len(posts) > POSTS_PER_PAGE else None
    return render(request, "posts/profile.html", context)


@require_safe
def popover(request, username):
    """Return the fragment with a user's details that a popover shows."""
    return render(request, "posts/_popover.html", _user_context(request, username))


@require_safe
def avatar(request, name):
    """Serve the profile picture of a user that the viewer can see."""
    if not name.isprintable():  # PostgreSQL rejects NUL characters in queries
        raise Http404
    path = f"avatars/{name}"
    user = access.for_request(request).users().filter(avatar=path).only("avatar").first()
    if user is None or not default_storage.exists(path):
        raise Http404
    # A new picture has a new name, so browsers can cache it. Shared caches must not, because access differs.
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return FileResponse(default_storage.open(path), content_type="image/webp", headers=headers)


def _directory(request, role, title):
    form = SearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    users = access.for_request(request).users().with_role(role).search(query).order_by("username_key")
    page = Paginator(users, settings.PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": title, "role": role, "form": form, "query": query, "page": page}
    return render(request, "posts/user_list.html", context)


def _user_context(request, username):
    """Return the context of a user's details. Raises Http404 if the viewer cannot see the user."""
    visible = access.for_request(request)
    user = access.user_to_read(visible.users(), username)
    posts = Post.objects.filter(visible.in_visible_rooms(), author=user).not_removed()
    return {
        "profile_user": user,
        "sees_email": visible.can_see_email(user),
        "posts": posts,
        # Counted up to a limit, so that the cost does not grow with the number of posts.
        "post_count": len(posts.values_list("pk")[: MAX_POST_COUNT + 1]),
        "max_post_count": MAX_POST_COUNT,
    }
