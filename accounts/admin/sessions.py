"""The admin of sessions."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts import actions
from accounts.admin.base import RecordedAdmin, chosen_values
from accounts.admin.filters import PersonFilter
from accounts.devices import name_device, session_handle
from accounts.models import Role, Session


@admin.register(Session)
class SessionAdmin(RecordedAdmin):
    """Who is signed in where. A session's key opens it, so no page, address or filter here holds one."""

    list_display = ("user", "device", "started_at", "expire_date")
    list_display_links = None
    list_select_related = ("user",)
    list_filter = (PersonFilter,)
    search_fields = ("user__username",)
    search_help_text = gettext_lazy("Username")
    ordering = ("-started_at",)
    actions = ("end",)
    # Chosen by a name that is made from the key, a page at a time: the database cannot choose by it.
    actions_selection_counter = False

    def get_queryset(self, request):
        sessions = super().get_queryset(request).defer("session_data")
        return sessions.filter(user__isnull=False, expire_date__gt=timezone.now())

    def get_urls(self):
        """Offer the list alone: every other address would hold the key."""
        return [route for route in super().get_urls() if route.name == "accounts_session_changelist"]

    def lookup_allowed(self, lookup, value, request=None):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_end_permission(self, request):
        """Whether sessions may be ended by this administrator."""
        return request.user.has_perm("accounts.delete_session")

    @admin.display(description=gettext_lazy("device"))
    def device(self, session):
        return name_device(session.user_agent)

    @admin.display(description="")
    def action_checkbox(self, session):
        attrs = {"class": "action-select", "aria-label": _("Select a session of %s") % session.user}
        return forms.CheckboxInput(attrs, lambda value: False).render(ACTION_CHECKBOX_NAME, session_handle(session.pk))

    def response_action(self, request, queryset):
        handles = {*chosen_values(request)}
        keys = [key for key in queryset.values_list("pk", flat=True) if session_handle(key) in handles]
        request.POST = request.POST.copy()
        # The choice is made above; Django would look for the handles among the keys.
        request.POST["select_across"] = "1"
        return admin.ModelAdmin.response_action(self, request, queryset.filter(pk__in=keys))

    @admin.action(description=gettext_lazy("End these sessions…"), permissions=["end"])
    def end(self, request, queryset):
        sessions = queryset.exclude(pk=request.session.session_key)
        if not request.user.is_superuser:
            sessions = sessions.exclude(Q(user__is_staff=True) | Q(user__role=Role.ADMIN))

        def end(chosen, answers):
            return sum(
                actions.end_sessions(session.user, request.user, only=session.pk, reason=answers["reason"])
                for session in chosen.select_related("user")
            )

        return self.ask(
            request,
            sessions,
            end,
            action="end",
            question=_("End these sessions?"),
            consequence=_("They are signed out there. With their password they can sign in again."),
            done=ngettext_lazy("%d session is ended.", "%d sessions are ended."),
        )
