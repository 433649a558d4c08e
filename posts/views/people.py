"""Directories, profiles, popovers and profile pictures."""

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions import approve_teachers
from accounts.models import Role, User
from accounts.refusals import NotStaff
from accounts.templatetags.text import isolate_text as isolate
from accounts.text import read_id
from config.requests import automatic, page_action, redirect_to_next
from posts import access
from posts.forms import PeopleForm
from posts.models import Membership, Post, Room
from posts.rendering import body_segments

POSTS_PER_PAGE = 20  # on a profile
MAX_POST_COUNT = 999


@require_safe
def student_list(request):
    """List the students that the user can see."""
    return _directory(request, Role.STUDENT)


@require_safe
def teacher_list(request):
    """List the teachers."""
    return _directory(request, Role.TEACHER)


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


@page_action
def user_approve(request, username):
    """Approve a teacher awaiting approval.

    If their username looks like another one, redirect to their page in the admin instead, where the administrator
    confirms the approval.
    """
    visible = access.for_request(request)
    user = access.user_to_read(visible.users(), username)
    if not visible.is_administrator:
        raise NotStaff
    names, teacher = {"name": isolate(user.full_name or user.username)}, User.objects.filter(pk=user.pk).pending()
    if lookalikes := teacher.exists() and User.objects.find_lookalikes([user.username]):
        others = ", ".join(lookalikes[user.username])
        text = _("The username of %(name)s looks like: %(others)s. Check who registered it, then approve it here.")
        messages.warning(request, text % (names | {"others": others}))
        return redirect("admin:accounts_teacher_change", user.pk)
    if approve_teachers(teacher, request.user):
        messages.success(request, _("%(name)s is now an approved teacher.") % names)
    else:
        messages.info(request, _("%(name)s is not awaiting approval.") % names)
    return redirect_to_next(request, user)


@automatic  # for pictures in posts that arrive
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


def _directory(request, role):
    """List the users with a role. The parameter `room` (a slug) selects those in a room that the user can see."""
    visible = access.for_request(request)
    form = PeopleForm(request.GET)
    rooms = Room.objects.filter(pk__in=list(visible.rooms), is_common=False).open().order_by("name")
    rooms = list(rooms.values_list("slug", "name"))
    users = visible.users().with_role(role).search(form.query)
    if form.slug:
        room = access.room_to_read(visible, form.slug)
        if (room.slug, room.name) not in rooms:
            rooms.append((room.slug, room.name))
        users = users.filter(pk__in=Membership.objects.filter(room=room).members().values("user"))
    page = Paginator(users.order_by("username_key"), settings.PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"role": role, "form": form, "query": form.query, "room": form.slug, "rooms": rooms, "page": page}
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
