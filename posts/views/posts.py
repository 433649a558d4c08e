"""Posts: permalink, edit, delete."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.requests import submitted_fields
from posts import access, actions
from posts.forms import DeletionForm, PostEditForm, RemovalForm
from posts.refusals import PostChanged, PostRemoved


@require_safe
def post_permalink(request, pk):
    """Redirect to the post in its room."""
    post = access.post_to_read(access.for_request(request), pk)
    return redirect(f"{post.room.get_absolute_url()}?at={post.pk}#post-{post.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request, pk):
    """Edit the text of the user's own post."""
    post = access.post_to_edit(access.for_request(request), pk)
    form = PostEditForm(submitted_fields(request), post)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_post(post, actor=request.user, **form.cleaned_data)
        except PostChanged as refusal:
            form.add_conflict(refusal.post)
        else:
            return redirect(post)
    return render(request, "posts/post_edit.html", {"form": form, "post": post})


@require_http_methods(["GET", "HEAD", "POST"])
def post_delete(request, pk):
    """Confirm, then delete the user's own post, or remove another user's post for a reason."""
    post = access.post_to_remove(access.for_request(request), pk, request.user)
    is_mine = post.author_id == request.user.pk
    form = (DeletionForm if is_mine else RemovalForm)(submitted_fields(request))
    if request.method == "POST" and form.is_valid():
        actions.remove_post(post, request.user, form.cleaned_data.get("reason", ""))
        messages.success(request, _("Post deleted.") if is_mine else _("Post removed."))
        return redirect(post)
    if post.is_removed:
        raise PostRemoved
    return render(request, "posts/post_delete.html", {"form": form, "post": post, "is_mine": is_mine})
