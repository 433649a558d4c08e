"""The admin of memberships."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.admin.base import RecordedAdmin
from accounts.admin.filters import PersonFilter
from posts import actions
from posts.admin.filters import RoomFilter
from posts.models import Membership


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
