"""Posts: permalink, edit, delete, restore."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.requests import page_action, submitted_fields, wants_fragment
from posts import access, actions
from posts.forms import DeletionForm, PostEditForm, RemovalForm
from posts.models import Post
from posts.refusals import PostChanged, PostRemoved
from posts.rendering import conversation_rows


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
            return _show_row(request, post) if wants_fragment(request) else redirect(post)
    context = {"form": form, "post": post}
    if wants_fragment(request):
        return render(request, "posts/_post_edit.html", context, status=422 if request.method == "POST" else 200)
    return render(request, "posts/post_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def post_delete(request, pk):
    """Confirm, then delete the user's own post, or remove another user's post for a reason."""
    post = access.post_to_remove(access.for_request(request), pk)
    is_mine = post.author_id == request.user.pk
    form = (DeletionForm if is_mine else RemovalForm)(submitted_fields(request))
    if request.method == "POST" and form.is_valid():
        actions.remove_post(post, request.user, form.cleaned_data.get("reason", ""))
        if wants_fragment(request):
            return _show_row(request, post)
        messages.success(request, _("Post deleted.") if is_mine else _("Post removed."))
        return redirect(post)
    if post.is_removed:
        raise PostRemoved
    return render(request, "posts/post_delete.html", {"form": form, "post": post, "is_mine": is_mine})


@page_action
def post_restore(request, pk):
    """Undo the deletion of the user's own post."""
    post = access.post_to_restore(access.for_request(request), pk)
    actions.restore_post(post, request.user)
    if wants_fragment(request):
        return _show_row(request, post)
    messages.success(request, _("Post restored."))
    return redirect(post)


def _show_row(request, post):
    """Return the row of a changed post for a script, which puts it in the place of the old one."""
    keys = Post.objects.filter(pk=post.pk).keys()
    moderates = access.for_request(request).can_manage(post.room_id)
    return HttpResponse(conversation_rows(keys, request.user, post.room, moderates))
