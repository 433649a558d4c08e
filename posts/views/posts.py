"""One post: its permanent address, its author's second thoughts, its end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from posts import actions
from posts.forms import PostEditForm, RemovalForm
from posts.models import Post


@require_safe
def post_permalink(request, pk):
    """Go to the post in its room."""
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=pk)
    return redirect(f"{post.room.get_absolute_url()}?at={post.pk}#post-{post.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request, pk):
    """Let the author change the words."""
    post = _get_post(request, pk)
    if not post.is_editable_by(request.user):
        raise PermissionDenied(_("Only its author can edit a post, while it stands and its room is open."))
    written = post.body
    form = PostEditForm(request.POST if request.method == "POST" else None, instance=post)
    if request.method == "POST" and form.is_valid():
        post.body = written
        actions.edit_post(post, form.cleaned_data["body"], actor=request.user)
        return redirect(post)
    return render(request, "posts/post_edit.html", {"form": form, "post": post})


@require_http_methods(["GET", "HEAD", "POST"])
def post_delete(request, pk):
    """Ask once more, then take the post away; whoever removes another's may say why."""
    post = _get_post(request, pk)
    if not post.is_removable_by(request.user):
        raise PermissionDenied(_("Only its author and whoever runs the room can take this post away."))
    is_mine = post.author_id == request.user.pk
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.remove_post(post, request.user, "" if is_mine else form.cleaned_data["reason"])
        messages.success(request, _("Your post is deleted.") if is_mine else _("The post is removed."))
        return redirect(post.room)
    return render(request, "posts/post_delete.html", {"form": form, "post": post, "is_mine": is_mine})


def _get_post(request, pk):
    posts = Post.objects.visible_to(request.user).select_related("room", "author", "reply_to__author")
    return get_object_or_404(posts, pk=pk)
