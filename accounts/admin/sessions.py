"""The admin of sessions."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts import actions
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.bulk_actions import bulk_action, selected_values
from accounts.admin.filters import UserFilter
from accounts.devices import name_device, session_handle
from accounts.models import Session, User
from accounts.permissions import changeable_users


def endable(request, sessions):
    """Return the `sessions` that the administrator can end: of users that they can change, except the current one."""
    return sessions.filter(user__in=changeable_users(request.user, User.objects.all())).exclude(
        pk=request.session.session_key
    )


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Active sessions. A session key gives access to the session, so no page, URL or filter contains one."""

    list_display = ("user", "device", "started_at", "expires")
    list_display_links = None
    list_select_related = ("user",)
    list_filter = (UserFilter,)
    search_fields = ("user__username",)
    search_help_text = gettext_lazy("Username")
    ordering = ("-started_at",)
    actions = ("end",)
    # Sessions are selected by a handle derived from the key. The database cannot compute it, so a selection is limited
    # to one page.
    actions_selection_counter = False

    def get_queryset(self, request):
        sessions = super().get_queryset(request).defer("session_data")
        return sessions.filter(user__isnull=False, expire_date__gt=timezone.now())

    def get_urls(self):
        """Return only the URL of the list: the others contain the key."""
        return [route for route in super().get_urls() if route.name == "accounts_session_changelist"]

    def has_end_permission(self, request):
        """Return whether the administrator can end sessions. The action `end` requires it."""
        return request.user.has_perm("accounts.delete_session")

    @admin.display(description=gettext_lazy("device"))
    def device(self, session):
        return name_device(session.user_agent)

    @admin.display(description=gettext_lazy("expires"), ordering="expire_date")
    def expires(self, session):
        return session.expire_date

    @admin.display(description="")
    def action_checkbox(self, session):
        attrs = {"class": "action-select", "aria-label": _("Select a session for %s") % session.user}
        return forms.CheckboxInput(attrs, lambda value: False).render(ACTION_CHECKBOX_NAME, session_handle(session.pk))

    def response_action(self, request, queryset):
        """Narrow the queryset to the selected handles."""
        handles = {*selected_values(request)}
        keys = [key for key in queryset.values_list("pk", flat=True) if session_handle(key) in handles]
        request.POST = request.POST.copy()
        # Otherwise Django would filter the queryset again, by handles instead of keys.
        request.POST["select_across"] = "1"
        return admin.ModelAdmin.response_action(self, request, queryset.filter(pk__in=keys))

    @bulk_action(
        gettext_lazy("Sign out…"),
        question=gettext_lazy("End these sessions?"),
        consequence=gettext_lazy("The users are signed out on these devices. They can sign in again."),
        done=ngettext_lazy("%d session ended.", "%d sessions ended."),
        limit=endable,
        allowed_permissions=("end",),
        one_by_one=True,
    )
    def end(self, request, session, reason):
        return actions.end_sessions(session.user, request.user, only_key=session.pk, reason=reason)
