"""The admin of posts."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.admin.base import AuditedAdmin, changelist_url
from accounts.admin.bulk_actions import bulk_action
from accounts.admin.filters import ConditionFilter, user_filter
from posts import actions
from posts.admin.rooms import RoomFilter
from posts.forms import PostBodyField
from posts.models import Attachment, Post, reactions_to


class PostStateFilter(ConditionFilter):
    """Filter posts by state: visible, edited or removed."""

    conditions = {
        "visible": (gettext_lazy("visible"), Q(removed_at=None)),
        "edited": (gettext_lazy("edited"), Q(removed_at=None, edited_at__isnull=False)),
        "removed": (gettext_lazy("removed"), Q(removed_at__isnull=False)),
    }


class PostForm(forms.ModelForm):
    """The text of a post."""

    body = PostBodyField(label=gettext_lazy("Text"))

    class Meta:
        model = Post
        fields = ("body",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "body" in self.fields:  # not if the user can only view the post
            self.fields["body"].set_room(self.instance.room, saved=self.instance.body)


@admin.register(Post)
class PostAdmin(AuditedAdmin):
    """Posts. Only this list shows the text of removed posts, as evidence."""

    form = PostForm
    list_display = ("excerpt", "state", "author", "room", "created")
    sortable_by = ("created",)  # the other columns would sort all posts
    list_prefetch_related = ("author", "room")
    list_filter = (PostStateFilter, user_filter("author", "author", gettext_lazy("author")), RoomFilter, "created_at")
    search_fields = ("body", "author__username")
    search_help_text = gettext_lazy("Text or author's username")
    fields = (
        "body",
        "author",
        "room",
        "reply_to",
        "picture_or_file",
        "reaction_counts",
        "state",
        "created_at",
        "edited_at",
        "removed_at",
        "removed_by",
    )
    readonly_fields = fields[1:]
    actions = ("remove",)
    irreversible_actions = ("remove",)

    @admin.display(description=gettext_lazy("text"))
    def excerpt(self, post):
        return " ".join(post.body.split())

    @admin.display(description=gettext_lazy("picture or file"))
    def picture_or_file(self, post):
        attachment = Attachment.objects.filter(post=post).first()
        return attachment and format_html('<a href="{}">{}</a>', attachment.get_absolute_url(), attachment)

    @admin.display(description=gettext_lazy("reactions"))
    def reaction_counts(self, post):
        return " ".join(f"{emoji.character} {len(users)}" for emoji, users in reactions_to(post))

    @admin.display(description=gettext_lazy("state"))
    def state(self, post):
        if post.is_removed:
            return _("removed")
        return _("edited") if post.edited_at else _("visible")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """Allow changes to administrators only, as the operations do, and not to removed posts."""
        allowed = super().has_change_permission(request, obj) and request.user.is_administrator
        return allowed and (obj is None or not obj.is_removed)

    def has_delete_permission(self, request, obj=None):
        """Return False: posts are removed instead, and `manage.py prune` deletes them later."""
        return False

    def save_model(self, request, obj, form, change):
        # The form has already changed `obj`. The operation compares the new text with the stored one.
        stored = Post.objects.select_related("room").get(pk=obj.pk)
        actions.edit_post(stored, form.cleaned_data["body"], request.user)

    def links_for(self, request, obj):
        return [(_("All posts by this author"), changelist_url(Post, author=obj.author.username))]

    @bulk_action(
        gettext_lazy("Remove…"),
        question=gettext_lazy("Remove these posts?"),
        consequence=gettext_lazy("Only administrators can still read the text. Replies will stay."),
        done=ngettext_lazy("%d post removed.", "%d posts removed."),
        limit=lambda request, posts: posts.not_removed(),
        one_by_one=True,
    )
    def remove(self, request, post, reason):
        actions.remove_post(post, request.user, reason)
        return 1
