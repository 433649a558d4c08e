"""The admin of limits of attempts."""

import re

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts import actions
from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.bulk_actions import bulk_action
from accounts.models import Throttle
from accounts.models.throttle import LIMITS


@admin.register(Throttle)
class ThrottleAdmin(ReadOnlyAdmin):
    """Limits that have been reached, so that users have to wait."""

    list_display = ("kind", "account", "address", "started", "ends_at")
    list_display_links = None
    list_filter = ("kind",)
    search_fields = ("username", "address")
    search_help_text = gettext_lazy("Username or address")
    ordering = ("-ends_at",)
    actions = ("lift",)

    is_id = staticmethod(re.compile("[0-9a-f]{64}").fullmatch)

    def get_queryset(self, request):
        return super().get_queryset(request).blocked()

    def get_urls(self):
        """Return only the URL of the list, which shows everything."""
        return [route for route in super().get_urls() if route.name == "accounts_throttle_changelist"]

    def has_lift_permission(self, request):
        """Return whether the administrator can lift limits. The action `lift` requires it."""
        return request.user.has_perm("accounts.delete_throttle")

    @admin.display(description=gettext_lazy("account"), ordering="username")
    def account(self, counter):
        # What the user typed is not stored, because it may be a password.
        return counter.username or ("" if counter.kind == "address" else _("Unknown account"))

    @admin.display(description=gettext_lazy("first attempt"))
    def started(self, counter):
        return counter.ends_at - LIMITS[counter.kind].period

    @bulk_action(
        gettext_lazy("Lift…"),
        question=gettext_lazy("Lift these limits?"),
        consequence=gettext_lazy("The users can try again at once. So can anyone who guesses passwords or codes."),
        done=ngettext_lazy("%d limit lifted.", "%d limits lifted."),
        allowed_permissions=("lift",),
    )
    def lift(self, request, counters, reason):
        return actions.lift_limits(counters, request.user, reason)
