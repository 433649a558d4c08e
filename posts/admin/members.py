"""The admin of memberships."""

from django.contrib import admin
from django.db.models import F
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.admin.base import AuditedAdmin
from accounts.admin.bulk_actions import bulk_action
from accounts.admin.filters import UserFilter
from posts import actions
from posts.admin.rooms import RoomFilter
from posts.models import Membership

State = Membership.State


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Members of rooms, including join requests and people who were declined or removed."""

    list_display = ("person", "state", "room", "is_co_teacher", "notify", "created_at", "updated_at")
    ordering = ("-created_at", "-pk")
    list_prefetch_related = ("user", "room")
    list_filter = ("state", UserFilter, RoomFilter)
    search_fields = ("user__username", "room__name")
    search_help_text = gettext_lazy("Username or name of the room")
    autocomplete_fields = ("user", "room")
    fields = ("user", "room", "state", "is_co_teacher", "created_account", "notify", "created_at", "updated_at")
    readonly_fields = ("state", "is_co_teacher", "created_account", "created_at", "updated_at")
    actions = ("accept", "decline", "remove")

    def has_delete_permission(self, request, obj=None):
        """Return False: without the row, signing in would add a removed member to the common room again."""
        return False

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

    @bulk_action(
        gettext_lazy("Accept"),
        done=ngettext_lazy("%d person accepted.", "%d people accepted."),
        limit=lambda request, memberships: memberships.filter(user__is_active=True).exclude(state=State.MEMBER),
        one_by_one=True,
    )
    def accept(self, request, membership):
        return actions.add_member(membership, request.user)

    @bulk_action(
        gettext_lazy("Decline…"),
        question=gettext_lazy("Decline these join requests?"),
        consequence=gettext_lazy("They will not become members."),
        done=ngettext_lazy("%d join request declined.", "%d join requests declined."),
        limit=lambda request, memberships: memberships.filter(state=State.APPLIED),
        one_by_one=True,
    )
    def decline(self, request, membership, reason):
        return actions.decline_request(membership, request.user, reason)

    @bulk_action(
        gettext_lazy("Remove…"),
        question=gettext_lazy("Remove these people from their rooms?"),
        consequence=gettext_lazy("They can no longer see the room or join it again with its code."),
        done=ngettext_lazy("%d person removed.", "%d people removed."),
        limit=lambda request, memberships: memberships.filter(state=State.MEMBER).exclude(room__owner=F("user")),
        one_by_one=True,
    )
    def remove(self, request, membership, reason):
        return actions.remove_member(membership, request.user, reason)
