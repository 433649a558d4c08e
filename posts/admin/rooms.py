"""The admin of rooms."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.admin.base import RecordedAdmin, list_address
from accounts.admin.filters import ConditionFilter, PersonFilter
from accounts.fields import LineField
from posts import actions
from posts.models import RESERVED_SLUGS, Membership, Post, Room


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
