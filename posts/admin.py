"""Rooms and talk in the admin: what is done there is an action, and stands in the one log."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.admin_site import PersonFilter, RecordedAdmin, TextFilter, list_address
from accounts.fields import LineField
from posts import actions
from posts.forms import PostBodyField
from posts.models import RESERVED_SLUGS, Membership, Notification, Post, Room

EXCERPT = 80  # characters


class RoomFilter(TextFilter):
    """One room, by its address."""

    title = gettext_lazy("room (address)")
    parameter_name = "room"

    def find(self, queryset, text):
        room = Room.objects.filter(slug=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if room is None else queryset.filter(room=room)


class ConditionFilter(admin.SimpleListFilter):
    """A filter by named conditions: `conditions` is {name: (text, Q)}."""

    conditions = {}

    def lookups(self, request, model_admin):
        return [(name, text) for name, (text, _condition) in self.conditions.items()]

    def queryset(self, request, queryset):
        condition = self.conditions.get(self.value())
        return queryset.filter(condition[1]) if condition else queryset


class RoomStateFilter(ConditionFilter):
    """Open or archived."""

    title = gettext_lazy("state")
    parameter_name = "state"
    conditions = {
        "open": (gettext_lazy("open"), Q(archived_at=None)),
        "archived": (gettext_lazy("archived"), Q(archived_at__isnull=False)),
        "orphan": (gettext_lazy("without an owner"), Q(owner=None, is_common=False)),
    }


class OwnerFilter(PersonFilter):
    """Whose room it is."""

    title = gettext_lazy("owner (username)")
    parameter_name = "owner"
    path = "owner"


class RoomForm(forms.ModelForm):
    """What an administrator may write about a room."""

    name = LineField(label=gettext_lazy("Name"), max_length=60, widget=admin.widgets.AdminTextInputWidget)

    class Meta:
        model = Room
        fields = ("name", "slug", "owner")

    def clean_slug(self):
        """Refuse an address that leads to another page."""
        slug = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("This address is reserved. Please choose another."), code="reserved")
        return slug


@admin.register(Room)
class RoomAdmin(RecordedAdmin):
    """Rooms. One in which something was said is archived and never deleted."""

    form = RoomForm
    list_display = ("name", "slug", "owner", "state", "members", "applications", "created_at", "lists")
    list_select_related = ("owner",)
    list_filter = (RoomStateFilter, OwnerFilter)
    search_fields = ("name", "slug", "owner__username")
    search_help_text = gettext_lazy("Name, address or owner")
    autocomplete_fields = ("owner",)
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "owner", "join_code", "state", "created_at", "archived_at")
    readonly_fields = ("join_code", "state", "created_at", "archived_at")
    actions = ("archive", "unarchive", "renew_join_code")

    def get_queryset(self, request):
        members = Membership.objects.filter(room=OuterRef("pk")).order_by().values("room")

        def counted(state):
            number = members.filter(state=state).annotate(number=Count("pk")).values("number")
            return Coalesce(Subquery(number), 0)

        return (
            super()
            .get_queryset(request)
            .annotate(members=counted(Membership.State.MEMBER), applications=counted(Membership.State.APPLIED))
        )

    @admin.display(description=gettext_lazy("members"))
    def members(self, room):
        return _("everybody") if room.is_common else room.members

    @admin.display(description=gettext_lazy("applications"))
    def applications(self, room):
        if not room.applications:
            return 0
        address = list_address(Membership, room=room.slug, state__exact=Membership.State.APPLIED)
        return format_html('<a href="{}">{}</a>', address, room.applications)

    @admin.display(description=gettext_lazy("state"))
    def state(self, room):
        if room.is_archived:
            return _("archived")
        return _("common room") if room.is_common else _("open")

    @admin.display(description=gettext_lazy("lists"))
    def lists(self, room):
        members, posts = (address for _text, address in self.links_for(None, room))
        return format_html('<a href="{}">{}</a> · <a href="{}">{}</a>', members, _("members"), posts, _("posts"))

    def links_for(self, request, obj):
        return [
            (_("Members"), list_address(Membership, room=obj.slug)),
            (_("Posts"), list_address(Post, room=obj.slug)),
        ]

    def is_offered(self, request, obj, verb):
        return {"archive": not obj.is_archived, "unarchive": obj.is_archived}.get(verb, True)

    def get_readonly_fields(self, request, obj=None):
        # The common room is found by its address and belongs to nobody.
        common = ("slug", "owner") if obj is not None and obj.is_common else ()
        return (*self.readonly_fields, *common)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None else self.prepopulated_fields

    # --- Deleting ---

    def has_delete_permission(self, request, obj=None):
        """Whether this room may be deleted: an ordinary one in which nothing was ever said."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not (obj.is_common or obj.posts.exists()))

    def get_actions(self, request):
        """Offer deleting one by one only: each is looked at for posts."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_model(self, request, obj):
        """Delete a room that is still empty once nobody can write there any more."""
        actions.delete_room(obj, request.user)

    def log_deletions(self, request, queryset):
        """Do nothing: the operation writes the audit log."""

    # --- Actions ---

    @admin.action(description=gettext_lazy("Archive…"), permissions=["change"])
    def archive(self, request, queryset):
        return self.ask(
            request,
            queryset,
            lambda rooms, answers: actions.archive(rooms, request.user, **answers),
            action="archive",
            question=_("Archive these rooms?"),
            consequence=_("Their members can read them still, and nobody writes there. The common room is hidden."),
            done=ngettext_lazy("%d room is archived.", "%d rooms are archived."),
        )

    @admin.action(description=gettext_lazy("Open again"), permissions=["change"])
    def unarchive(self, request, queryset):
        number = actions.unarchive(queryset, request.user)
        done = ngettext("%d room is open again.", "%d rooms are open again.", number) % number
        self.message_user(request, done, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=gettext_lazy("Renew the join code…"), permissions=["change"])
    def renew_join_code(self, request, queryset):
        return self.ask(
            request,
            queryset,
            lambda rooms, answers: actions.renew_join_code(rooms, request.user, **answers),
            action="renew_join_code",
            question=_("Renew the join codes?"),
            consequence=_("The codes that were handed out let nobody in any more. Who is in stays in."),
            done=ngettext_lazy("%d join code is new.", "%d join codes are new."),
        )


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    """Who is in which room, or at its door."""

    list_display = ("person", "room", "state", "notify", "created_at", "updated_at")
    list_select_related = ("user", "room")
    list_filter = ("state", PersonFilter, RoomFilter)
    search_fields = ("user__username", "room__name")
    search_help_text = gettext_lazy("Username or name of the room")
    autocomplete_fields = ("user", "room")
    fields = ("user", "room", "state", "notify", "created_at", "updated_at")
    readonly_fields = ("state", "created_at", "updated_at")
    actions = ("accept", "decline", "remove")

    @admin.display(description=gettext_lazy("person"), ordering="user__username_key")
    def person(self, membership):
        return membership.user

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj is None else ("user", "room", *self.readonly_fields)

    def get_fields(self, request, obj=None):
        return ("user", "room", "notify") if obj is None else self.fields

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            actions.add_member(obj, request.user)

    def log_addition(self, request, obj, fields):
        """Leave it to the action, which has recorded it."""

    def is_offered(self, request, obj, verb):
        State = Membership.State
        return {
            "accept": obj.state != State.MEMBER,
            "decline": obj.state == State.APPLIED,
            "remove": obj.state == State.MEMBER,
        }.get(verb, True)

    @admin.action(description=gettext_lazy("Accept into the room"), permissions=["change"])
    def accept(self, request, queryset):
        waiting = queryset.exclude(state=Membership.State.MEMBER).select_related("user", "room")
        number = sum(actions.accept(membership, request.user) for membership in waiting)
        done = ngettext("%d person is accepted.", "%d people are accepted.", number) % number
        self.message_user(request, done, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=gettext_lazy("Decline the application…"), permissions=["change"])
    def decline(self, request, queryset):
        return self.ask(
            request,
            queryset.filter(state=Membership.State.APPLIED),
            self._each(request, actions.decline),
            action="decline",
            question=_("Decline these applications?"),
            consequence=_("They do not get into the room."),
            done=ngettext_lazy("%d application is declined.", "%d applications are declined."),
        )

    @admin.action(description=gettext_lazy("Remove from the room…"), permissions=["change"])
    def remove(self, request, queryset):
        return self.ask(
            request,
            queryset.exclude(state=Membership.State.REMOVED),
            self._each(request, actions.remove_member),
            action="remove",
            question=_("Remove these people from their rooms?"),
            consequence=_("They see nothing of the room any more, and cannot come back by its code."),
            done=ngettext_lazy("%d person is removed.", "%d people are removed."),
        )

    def _each(self, request, act):
        def act_on_all(memberships, answers):
            chosen = list(memberships.select_related("user", "room"))
            return sum(act(membership, request.user, answers["reason"]) for membership in chosen)

        return act_on_all


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


class ReadFilter(ConditionFilter):
    """Read or not."""

    title = gettext_lazy("read")
    parameter_name = "read"
    conditions = {
        "no": (gettext_lazy("unread"), Q(read_at=None)),
        "yes": (gettext_lazy("read"), Q(read_at__isnull=False)),
    }


class RecipientFilter(PersonFilter):
    """For whom it is."""

    title = gettext_lazy("recipient (username)")
    parameter_name = "person"
    path = "recipient"


@admin.register(Notification)
class NotificationAdmin(RecordedAdmin):
    """What people were told: to look at."""

    list_display = ("created_at", "recipient", "kind", "actor", "about", "read_at")
    list_select_related = ()  # by `get_queryset`
    list_filter = ("kind", ReadFilter, RecipientFilter)
    search_fields = ("recipient__username", "actor__username")
    search_help_text = gettext_lazy("Username of who was told, or of who did it")
    date_hierarchy = "created_at"
    fields = ("recipient", "kind", "actor", "about", "created_at", "read_at")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        # Not joined, for the same reason as posts.
        return super().get_queryset(request).prefetch_related("recipient", "actor", "room")

    @admin.display(description=gettext_lazy("about"))
    def about(self, notification):
        text = _("post %d") % notification.post_id if notification.post_id else notification.room
        return format_html('<a href="{}">{}</a>', notification.get_absolute_url(), text)
