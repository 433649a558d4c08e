"""The admin of rooms."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.admin.base import AuditedAdmin, changelist_url
from accounts.admin.bulk_actions import bulk_action
from accounts.admin.filters import ConditionFilter, TextFilter, user_filter
from posts import actions
from posts.forms import RoomSettingsForm
from posts.models import RESERVED_SLUGS, Membership, Post, Room

State = Membership.State


class RoomFilter(TextFilter):
    """A filter by the address of a room, ignoring case."""

    title = gettext_lazy("room")
    parameter_name = "room"
    placeholder = gettext_lazy("Address")

    def search(self, queryset, text):
        room_id = Room.objects.filter(slug=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if room_id is None else queryset.filter(room=room_id)


class RoomStateFilter(ConditionFilter):
    """Filter rooms by state: open, archived or without an owner."""

    conditions = {
        "open": (gettext_lazy("open"), Q(archived_at=None)),
        "archived": (gettext_lazy("archived"), Q(archived_at__isnull=False)),
        "orphan": (gettext_lazy("without an owner"), Q(owner=None, is_common=False)),
    }


class RoomForm(RoomSettingsForm):
    """The fields of a room that an administrator can edit."""

    class Meta(RoomSettingsForm.Meta):
        fields = ("name", "slug", "owner", *RoomSettingsForm.Meta.fields[1:])

    def clean_slug(self):
        """Reject addresses that are URLs of other pages."""
        slug = self.cleaned_data["slug"].lower()
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("This address is reserved. Choose another."), code="reserved")
        return slug


@admin.register(Room)
class RoomAdmin(AuditedAdmin):
    """Rooms. A room with posts is archived, never deleted."""

    form = RoomForm
    list_display = ("name", "state", "slug", "owner", "members", "join_requests", "created_at", "lists")
    list_select_related = ("owner",)
    ordering = ("-created_at", "-pk")
    list_filter = (RoomStateFilter, user_filter("owner", "owner", gettext_lazy("owner")))
    search_fields = ("name", "slug", "owner__username")
    search_help_text = gettext_lazy("Name, address or owner")
    autocomplete_fields = ("owner",)
    prepopulated_fields = {"slug": ("name",)}
    fields = (*RoomForm.Meta.fields, "join_code", "code_uses", "state", "created_at", "archived_at")
    readonly_fields = ("join_code", "code_uses", "state", "created_at", "archived_at")
    actions = ("archive", "unarchive", "renew_join_code")

    def get_queryset(self, request):
        def number_of(state):
            return Count("memberships", filter=Q(memberships__state=state))

        rooms = super().get_queryset(request)
        return rooms.annotate(members=number_of(State.MEMBER), join_requests=number_of(State.APPLIED))

    @admin.display(description=gettext_lazy("members"))
    def members(self, room):
        return _("everyone") if room.is_common else room.members

    @admin.display(description=gettext_lazy("join requests"))
    def join_requests(self, room):
        if not room.join_requests:
            return 0
        url = changelist_url(Membership, room=room.slug, state__exact=State.APPLIED)
        return format_html('<a href="{}">{}</a>', url, room.join_requests)

    @admin.display(description=gettext_lazy("state"))
    def state(self, room):
        if room.is_archived:
            return _("archived")
        return _("common room") if room.is_common else _("open")

    @admin.display(description=gettext_lazy("lists"))
    def lists(self, room):
        members, posts = (url for _text, url in self.links_for(None, room))
        return format_html('<a href="{}">{}</a> · <a href="{}">{}</a>', members, _("members"), posts, _("posts"))

    def links_for(self, request, obj):
        return [
            (_("Members"), changelist_url(Membership, room=obj.slug)),
            (_("Posts"), changelist_url(Post, room=obj.slug)),
        ]

    def get_readonly_fields(self, request, obj=None):
        # The code finds the common room by its address, and the room has neither an owner nor a join code.
        common = ("slug", "owner", *RoomForm.CODE_FIELDS) if obj is not None and obj.is_common else ()
        return (*self.readonly_fields, *common)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None else self.prepopulated_fields

    # --- Saving ---

    def save_model(self, request, obj, form, change):
        if not change:
            actions.create_room(obj, request.user, slug=obj.slug)
            return
        if "owner" in form.changed_data:
            actions.change_owner(obj, form.cleaned_data["owner"], request.user)
        actions.update_room(obj, request.user, {name: form.changes[name] for name in form.changes if name != "owner"})

    # --- Deletion ---

    def get_deleted_objects(self, objs, request):
        """Allow the memberships of a room to be deleted with it, although they cannot be deleted separately."""
        to_delete, counts, _perms_needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def has_delete_permission(self, request, obj=None):
        """Allow the deletion of single rooms without posts, except the common room."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not obj.is_common and not obj.posts.exists()

    def delete_model(self, request, obj):
        actions.delete_room(obj, request.user)

    # --- Bulk actions ---

    @bulk_action(
        gettext_lazy("Archive…"),
        question=gettext_lazy("Archive these rooms?"),
        consequence=gettext_lazy(
            "Members can read archived rooms, but nobody can post. The common room is hidden from everyone but "
            "administrators."
        ),
        done=ngettext_lazy("%d room archived.", "%d rooms archived."),
        limit=lambda request, rooms: rooms.filter(archived_at=None),
    )
    def archive(self, request, rooms, reason):
        return actions.archive_rooms(rooms, request.user, reason)

    @bulk_action(
        gettext_lazy("Reopen"),
        done=ngettext_lazy("%d room reopened.", "%d rooms reopened."),
        limit=lambda request, rooms: rooms.filter(archived_at__isnull=False),
    )
    def unarchive(self, request, rooms):
        return actions.unarchive_rooms(rooms, request.user)

    @bulk_action(
        gettext_lazy("Renew join code…"),
        question=gettext_lazy("Renew the join codes of these rooms?"),
        consequence=gettext_lazy("The old join codes and join links stop working. Current members stay."),
        done=ngettext_lazy("%d join code renewed.", "%d join codes renewed."),
    )
    def renew_join_code(self, request, rooms, reason):
        return actions.renew_join_codes(rooms, request.user, reason)
