"""Reactions to posts."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from config.requests import wants_fragment
from posts import access, actions
from posts.forms import ReactionForm
from posts.models import Emoji, Post
from posts.refusals import PostRemoved
from posts.rendering import conversation_rows

MAX_NAMES = 100  # for each emoji
MAX_NAMES_IN_POPOVER = 10


@require_http_methods(["GET", "HEAD", "POST"])
def post_react(request, pk):
    """Show who reacted to a post, as a page or a popover. POST adds or removes a reaction of the user."""
    visible = access.for_request(request)
    post = access.post_to_read(visible, pk)
    if request.method == "POST":
        form = ReactionForm(request.POST)
        if not form.is_valid():
            raise BadRequest("this is not one of the emoji")
        actions.react(request.user, post, **form.cleaned_data)
        if not wants_fragment(request):
            return redirect(post)
        keys = Post.objects.filter(pk=pk).keys()
        return HttpResponse(conversation_rows(keys, request.user, post.room, visible.can_manage(post.room_id)))
    if post.is_removed:
        raise PostRemoved
    is_fragment = wants_fragment(request)
    reactions = _reactions(post, visible.user_id, MAX_NAMES_IN_POPOVER if is_fragment else MAX_NAMES)
    template = "posts/_reaction_popover.html" if is_fragment else "posts/post_reactions.html"
    return render(request, template, {"post": post, "reactions": reactions})


def _reactions(post, me, limit):
    """Return a dict for each Emoji: the number of users who reacted with it, and at most `limit` of these users."""
    users = User.objects.in_bulk({pk for ids in post.reactions.values() for pk in ids[:limit]})
    return [
        {
            "emoji": emoji,
            "users": [users[pk] for pk in ids[:limit] if pk in users],
            "others": max(0, len(ids) - limit),
            "count": len(ids),
            "is_mine": me in ids,
        }
        for emoji in Emoji
        for ids in [post.reactions.get(emoji, [])]
    ]
