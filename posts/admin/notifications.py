"""The admin of notifications."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import RecordedAdmin
from accounts.admin.filters import ConditionFilter, PersonFilter
from posts.models import Notification


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
