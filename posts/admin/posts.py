"""The admin of posts."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.admin.base import RecordedAdmin, list_address
from accounts.admin.filters import ConditionFilter, PersonFilter
from posts import actions
from posts.admin.filters import RoomFilter
from posts.forms import PostBodyField
from posts.models import Post

EXCERPT = 80  # characters


class PostStateFilter(ConditionFilter):
    """Standing, edited or removed."""

    title = gettext_lazy("state")
    parameter_name = "state"
    conditions = {
        "standing": (gettext_lazy("standing"), Q(removed_at=None)),
        "edited": (gettext_lazy("edited"), Q(removed_at=None, edited_at__isnull=False)),
        "removed": (gettext_lazy("removed"), Q(removed_at__isnull=False)),
    }


class AuthorFilter(PersonFilter):
    """Who wrote it."""

    title = gettext_lazy("author (username)")
    parameter_name = "author"
    path = "author"


class PostForm(forms.ModelForm):
    """New words for a post."""

    body = PostBodyField(label=gettext_lazy("Text"))

    class Meta:
        model = Post
        fields = ("body",)


@admin.register(Post)
class PostAdmin(RecordedAdmin):
    """What was said. The words of a removed post are kept here, as evidence, and shown nowhere else."""

    form = PostForm
    list_display = ("excerpt", "author", "room", "created_at", "state")
    list_select_related = ()  # by `get_queryset`
    list_filter = (PostStateFilter, AuthorFilter, RoomFilter)
    search_fields = ("body", "author__username")
    search_help_text = gettext_lazy("Words of the post, or its author's username")
    date_hierarchy = "created_at"
    fields = ("body", "author", "room", "reply_to", "state", "created_at", "edited_at", "removed_at", "removed_by")
    readonly_fields = fields[1:]
    actions = ("remove",)

    def get_queryset(self, request):
        # Not joined: MariaDB would begin with the rooms, and sort all posts for a page of the newest.
        return super().get_queryset(request).prefetch_related("author", "room")

    @admin.display(description=gettext_lazy("text"))
    def excerpt(self, post):
        return Truncator(" ".join(post.body.split())).chars(EXCERPT)

    @admin.display(description=gettext_lazy("state"))
    def state(self, post):
        if post.is_removed:
            return _("removed")
        return _("edited") if post.edited_at else _("standing")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """Whether the words may be changed: never those of a removed post."""
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_removed)

    def has_delete_permission(self, request, obj=None):
        """Posts are removed and never deleted: replies keep their place."""
        return False

    def save_model(self, request, obj, form, change):
        # The form has put the new words into `obj`; the action compares them with those that stand.
        standing = Post.objects.select_related("room").get(pk=obj.pk)
        actions.edit_post(standing, form.cleaned_data["body"], request.user)

    def log_change(self, request, obj, fields):
        """Leave it to the action, which has recorded it."""

    def links_for(self, request, obj):
        return [(_("All by this author"), list_address(Post, author=obj.author.username))]

    @admin.action(description=gettext_lazy("Remove…"), permissions=["change"])
    def remove(self, request, queryset):
        def remove(posts, answers):
            chosen = list(posts.select_related("room", "author"))
            for post in chosen:
                actions.remove_post(post, request.user, answers["reason"])
            return len(chosen)

        return self.ask(
            request,
            queryset.not_removed(),
            remove,
            action="remove",
            question=_("Remove these posts?"),
            consequence=_("Their words are shown to nobody but administrators. Replies to them stay."),
            done=ngettext_lazy("%d post is removed.", "%d posts are removed."),
        )
