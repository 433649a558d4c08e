"""What people see of each other."""

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

POSTS_ON_PROFILE = 20
MAX_POST_COUNT = 999


@require_safe
def student_list(request):
    """List the students whom one may know of."""
    return _directory(request, Role.STUDENT, _("Students"))


@require_safe
def teacher_list(request):
    """List the teachers."""
    return _directory(request, Role.TEACHER, _("Teachers"))


@require_safe
def profile(request, username):
    """Show a person, with those of their posts that the viewer may see."""
    context = _details(request, username)
    posts = context["posts"].newest_first()
    if before := read_id(request.GET.get("before", "")):
        posts = posts.before(before)
    # A reply shows only the author of the post that it replies to: columns cost less than objects. Rooms are fetched
    # by a query of their own, because MariaDB would sort all posts of the user if they were joined.
    parent = {"parent_author": F("reply_to__author__username"), "parent_closed_at": F("reply_to__author__closed_at")}
    shown = list(posts.annotate(**parent).prefetch_related("room")[: POSTS_ON_PROFILE + 1])
    has_older, shown = len(shown) > POSTS_ON_PROFILE, shown[:POSTS_ON_PROFILE]
    rows = [{"post": post, "segments": body_segments(post)} for post in shown]
    oldest = shown[-1].pk if has_older else None
    return render(request, "posts/profile.html", context | {"rows": rows, "oldest": oldest})


@require_safe
def popover(request, username):
    """Give the popover's fragment: what this viewer may see of a person."""
    return render(request, "posts/_popover.html", _details(request, username))


@require_safe
def avatar(request, name):
    """Send the picture of a person whom the viewer may know of."""
    if not name.isprintable():  # a NUL, which PostgreSQL cannot be asked about
        raise Http404
    path = f"avatars/{name}"
    person = access.of(request).users().filter(avatar=path).only("avatar").first()
    if person is None or not default_storage.exists(path):
        raise Http404
    # Its name changes with the picture, so a browser may keep it; nobody between may.
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return FileResponse(default_storage.open(path), content_type="image/webp", headers=headers)


def _directory(request, role, title):
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    people = access.of(request).users().with_role(role).search(wanted).order_by("username_key")
    page = Paginator(people, settings.PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": title, "role": role, "form": form, "wanted": wanted, "page": page}
    return render(request, "posts/person_list.html", context)


def _details(request, username):
    """Return the context of a user's details: the user, whether their email is shown, and their number of posts."""
    visible = access.of(request)
    person = access.user_to_read(visible.users(), username)
    posts = Post.objects.filter(visible.in_visible_rooms(), author=person).not_removed()
    return {
        "person": person,
        "sees_email": visible.can_see_email(person),
        "posts": posts,
        # Up to a limit, so that the cost does not grow with the number of posts.
        "post_count": len(posts.values_list("pk")[: MAX_POST_COUNT + 1]),
        "max_post_count": MAX_POST_COUNT,
    }
